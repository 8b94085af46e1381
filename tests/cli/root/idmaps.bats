# SPDX-License-Identifier: Apache-2.0
# idmaps.bats - root's containers in user namespaces
load ../helpers

map=(--uidmap 0:100000:65536)

# with_subids LINE…: /etc/subuid and /etc/subgid have these lines, in this test's mount namespace.
with_subids() {
	printf '%s\n' "$@" >"$T/subids"
	local file
	for file in /etc/subuid /etc/subgid; do
		[ -e $file ] || skip "this machine has no $file"
		mount --bind "$T/subids" $file
	done
}

without_subids() {
	umount /etc/subuid /etc/subgid
}

@test "--uidmap: root inside is somebody else outside, for groups, too" {
	box "${map[@]}" sh -c 'id -u; cat /proc/self/uid_map /proc/self/gid_map; touch /x; chown 33:44 /x; stat -c %u:%g /x /etc/hosts /proc/self/'
	code_is 0
	out=$(printf '%s\n' "$out" | sed 's/  */ /g; s/^ //')
	out_is $'0\n0 100000 65536\n0 100000 65536\n33:44\n0:0\n0:0'
}

@test "seen from outside: ids, owners, and nothing is left" {
	ask tare run --name mapped "${map[@]}" --gidmap 0:200000:65536 --rootfs "$BASE:O" sh -c 'echo x >/x; chown 33:44 /x'
	code_is 0
	[ "$(stat -c %u:%g "$TARE_ROOT"/containers/*/upper/x)" = 100033:200044 ]
	ask tare rm mapped
	code_is 0
}

@test "an image: its owners are those inside, and stay so in the store" {
	mkdir -p tree/etc tree/bin
	cp "$BASE/bin/busybox" tree/bin/
	ln -s busybox tree/bin/sh
	echo 'app:x:33:33::/:/bin/sh' >tree/etc/passwd
	echo of-app >tree/file
	chown 33:44 tree/file
	chmod 600 tree/file
	tar -C tree -c . | tare import - mapped
	ask tare run --rm "${map[@]}" -u app mapped sh -c 'busybox cat /file; busybox stat -c %u:%g /file /bin/busybox; echo more >>/file; busybox touch /bin/x'
	[ "$code" != 0 ]
	out_is $'of-app\n33:44\n0:0'
	ask tare run --rm "${map[@]}" mapped sh -c 'busybox chown 1:2 /file && busybox stat -c %u:%g /file && busybox touch /new'
	code_is 0
	out_is 1:2
	ask tare run --rm mapped busybox cat /file
	out_is of-app
	ask tare rmi mapped
	code_is 0
}

@test "hello, with a terminal, --init, its own clocks" {
	ask tare run --rm "${map[@]}" --init --time-offset boottime=100 hello
	code_is 0
	out_has "users: 0-65535 are 100000-165535 outside"
	ask script -qec "'$TARE' run --rm -t ${map[*]} --rootfs '$BASE:O' stat -c %u:%g /dev/console" /dev/null
	out_has 0:5
}

@test "a directory as root: its files belong to whom they belong" {
	rootfs
	box_at() {
		ask tare run --rm "${map[@]}" --rootfs "$@"
	}
	box_at "$T/rootfs" sh -c 'stat -c %u / /bin; touch /x'
	[ "$code" != 0 ]
	out_is $'65534\n65534'
	box_at "$T/rootfs:idmap" sh -c 'stat -c %u / /bin; touch /x'
	code_is 0
	out_is $'0\n0'
	[ "$(stat -c %u "$T/rootfs/x")" = 0 ]
	box_at "$T/rootfs:O,idmap" sh -c 'stat -c %u / /bin; touch /y'
	[ ! -e "$T/rootfs/y" ]
	if [ "$(printf '%s\n' "$(uname -r)" 6.13 | sort -V | head -n 1)" = 6.13 ]; then
		code_is 0
		out_is $'0\n0'
	else
		code_is 125
		err_has "takes no layers that are seen with other ids"
	fi
	ask tare run --rm "${map[@]}" --explain --rootfs "$T/rootfs" true
	out_has "its files belong to whom they belong on the host"
}

@test "binds: what is closed to others is reached, and stays its owner's" {
	mkdir -m 700 closed
	mkdir closed/d closed/u
	echo word >closed/d/f
	box "${map[@]}" -v "$T/closed/d:/plain" -v "$T/closed/d:/mapped:idmap" -v "$T/closed/u:/given:U" \
		-v "$T/closed/d:/over:O" -v /anonymous sh -c '
		stat -c %u /plain/f /mapped/f /given /over /anonymous
		echo changed >/plain/f; touch /mapped/m; touch /over/o; touch /given/g; touch /anonymous/a'
	code_is 0
	out_is $'65534\n0\n0\n0\n0'
	err_has "/plain/f: Permission denied"
	[ "$(cat closed/d/f)" = word ]
	[ "$(stat -c %u closed/d/m closed/u closed/u/g)" = $'0\n100000\n100000' ]
	[ ! -e closed/d/o ]
}

@test "files of the host's root can't be touched, with every capability" {
	echo word >secret
	chmod 600 secret
	box "${map[@]}" --privileged -v "$T/secret:/secret" sh -c 'cat /secret; chown 0 /secret; echo x >/secret; chmod 666 /secret'
	[ "$code" != 0 ]
	out_is ""
	[ "$(stat -c %a:%u secret)" = 600:0 ]
	box "${map[@]}" --privileged sh -c 'echo 1 >/proc/sys/vm/drop_caches'
	[ "$code" != 0 ]
}

@test "limits hold, and the group stays root's" {
	box "${map[@]}" --pids-limit 20 -m 64m sh -c 'i=0; while [ $i -lt 40 ]; do sleep 1 & i=$((i+1)); done; wait'
	err_has "can't fork"
	box "${map[@]}" -m 64m sh -c 'for f in /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max; do [ ! -e $f ] || echo 1 >$f; done'
	err_has "Read-only file system"
}

@test "namespaces of the host" {
	box "${map[@]}" --network host --ipc host --pid host --uts host --cgroupns host \
		sh -c 'ls /sys/class/net; ls -d /proc/1'
	code_is 0
	out_has lo
}

@test "who joins its user namespace has the same numbers" {
	"$TARE" run --rm --name web --ipc shareable "${map[@]}" --rootfs "$BASE:O" sleep 60 </dev/null >/dev/null 2>&1 &
	until_true recorded
	box --userns container:web --pid container:web --network container:web --ipc container:web \
		sh -c 'cat /proc/self/uid_map; ps; touch /x; stat -c %u /x'
	kill -9 $!
	wait $! || true
	tare ps -a >/dev/null
	code_is 0
	out_has 100000
	out_has "sleep 60"
	[ "$(printf '%s\n' "$out" | tail -1)" = 0 ]
}

@test "--subuidname: the ranges of a name, one after the other" {
	with_subids special:700000:1000 other:1:2 special:600000:500
	box --subuidname special cat /proc/self/uid_map /proc/self/gid_map
	without_subids
	code_is 0
	out=$(printf '%s\n' "$out" | sed 's/  */ /g; s/^ //')
	out_is $'0 600000 500\n500 700000 1000\n0 600000 500\n500 700000 1000'
}

@test "--userns auto: no two that run have an id in common" {
	with_subids containers:700000:2500
	local name
	for name in one two; do
		"$TARE" run --rm --name $name --userns auto:size=1000 --rootfs "$BASE:O" sleep 60 </dev/null >/dev/null 2>&1 &
	done
	until_true eval '[ "$(readlink "$T"/*/containers/*/first | wc -l)" = 2 ]'
	grep -ho '"hostID":[0-9]*' "$TARE_ROOT"/containers/*/record | sort -u >first
	box --userns auto:size=1000 true
	kill -9 $(jobs -p)
	wait || true
	tare ps -a >/dev/null
	refused "no 1000 ids in a row are free in /etc/subuid"
	box --userns auto:size=2500 cat /proc/self/uid_map
	without_subids
	code_is 0
	out_has 700000
	[ "$(cat first)" = $'"hostID":700000\n"hostID":701000' ]
}

@test "what the kernel would refuse is refused before" {
	box "${map[@]}" -u 70000 true
	refused "number 70000 does not exist in this container"
	box --uidmap 0:100000:10 --uidmap 5:200000:10 true
	refused "overlap"
	box --uidmap 5:100000:10 true
	refused "the container has no user 0"
	box --userns private true
	refused "it needs id maps"
}
