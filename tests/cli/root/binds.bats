# SPDX-License-Identifier: Apache-2.0
# binds.bats - binds that need mounts of the host: propagation, what lies below, ids
load ../helpers

# A mount of the host's to share, at $T/h.
shared_mount() {
	mkdir h
	mount -t tmpfs none h
	mount --make-shared h
	mkdir h/sub
}

# Starts a container that says ready, waits for the file "go" in the current directory, and then
# does COMMAND. $tare_pid is its tare.
waiting() {
	local command=$1
	shift
	mkdir -p sync
	"$TARE" run --rm "$@" -v "$T/sync:/sync" --rootfs "$BASE:O" sh -c \
		"touch /sync/ready; while [ ! -e /sync/go ]; do sleep 0.05; done; $command" >got 2>&1 &
	tare_pid=$!
	until_true test -e sync/ready
}

@test "rslave: what the host mounts later appears, what is mounted inside does not" {
	shared_mount
	waiting 'ls /m/sub; mount -t tmpfs none /m/sub; touch /m/sub/inner; ls /m/sub' \
		--cap-add SYS_ADMIN --security-opt seccomp=unconfined -v "$T/h:/m:rslave"
	mount -t tmpfs none h/sub
	touch h/sub/later
	touch sync/go
	wait "$tare_pid"
	local inside
	inside=$(ls h/sub)
	umount -R h
	[ "$(cat got)" = "later
inner" ]
	[ "$inside" = later ]
}

@test "rshared: mounts travel both ways" {
	shared_mount
	mkdir h/other
	waiting 'ls /m/sub; mount -t tmpfs none /m/other; touch /m/other/inner; ls /m/other; sleep 1' \
		--cap-add SYS_ADMIN --security-opt seccomp=unconfined -v "$T/h:/m:rshared"
	mount -t tmpfs none h/sub
	touch h/sub/later sync/go
	local went_out=no
	! until_true test -e h/other/inner || went_out=yes
	wait "$tare_pid"
	umount -R h
	[ "$(cat got)" = "later
inner" ]
	[ "$went_out" = yes ]
}

@test "private is the default, and other volumes stay so beside one that is not" {
	shared_mount
	mkdir p
	mount -t tmpfs none p
	mount --make-shared p
	mkdir p/sub
	waiting 'ls /p/sub; grep -v " / /m" /proc/self/mountinfo | grep -cE "shared:|master:"' \
		-v "$T/h:/m:rslave" -v "$T/p:/p"
	mount -t tmpfs none p/sub
	touch p/sub/later sync/go
	wait "$tare_pid" || true
	umount -R h p
	[ "$(cat got)" = 0 ] || { cat got; return 1; }
}

@test "propagation from a source that has none is an error that says how" {
	mkdir h
	mount -t tmpfs none h
	mount --make-private h
	box -v "$T/h:/m:rshared" true
	umount h
	refused "$T/h" "not shared" "mount --make-shared"
}

@test "runbindable: it can't be bound again" {
	mkdir h
	box --cap-add SYS_ADMIN --security-opt seccomp=unconfined -v "$T/h:/m:runbindable" \
		sh -c 'grep " /m " /proc/self/mountinfo; mkdir /n; mount --bind /m /n'
	[ "$code" != 0 ]
	out_has unbindable
}

@test "bind, and bind-recursive: with and without what is mounted below" {
	mkdir -p h/sub
	mount -t tmpfs none h/sub
	touch h/sub/f
	box -v "$T/h:/m:bind" ls /m/sub
	local flat=$out
	box --mount "type=bind,src=$T/h,dst=/m,bind-recursive=disabled" ls /m/sub
	flat=$flat$out
	box --mount "type=bind,src=$T/h,dst=/m,readonly,bind-recursive=writable" \
		sh -c 'touch /m/x; touch /m/sub/x && echo below'
	local writable=$out
	box --mount "type=bind,src=$T/h,dst=/m,readonly,bind-recursive=readonly" \
		sh -c 'touch /m/sub/y || echo closed'
	umount h/sub
	[ "$flat" = "" ]
	[ "$writable" = below ]
	out_is closed
}

@test "exec undoes the noexec of the host's mount, below too" {
	mkdir h
	mount -t tmpfs -o noexec none h
	mkdir h/sub
	mount -t tmpfs -o noexec none h/sub
	cp "$BASE/bin/busybox" h/sub/busybox
	box -v "$T/h:/m" /m/sub/busybox true
	local closed=$code
	box -v "$T/h:/m:exec" /m/sub/busybox true
	umount -R h
	[ "$closed" = 126 ]
	code_is 0
}

@test "U: the owners of the user, by name and by number, never across mounts" {
	mkdir -p h/sub h/deep/er
	mount -t tmpfs none h/sub
	touch h/sub/f h/deep/er/f
	ln -s /etc/passwd h/deep/l
	local own
	own=$(stat -c %u:%g /etc/passwd)
	box -u app -v "$T/h:/m:U" sh -c 'echo x >>/m/deep/er/f; stat -c %u:%g /m/deep/er/f'
	local first=$out
	ask stat -c %u:%g h h/deep/l h/deep/er/f h/sub h/sub/f
	local after=$out
	box -u 5000:media -v "$T/h:/m:U,ro" stat -c %u:%g /m/deep/er
	umount h/sub
	[ "$first" = 1234:1234 ]
	[ "$after" = "1234:1234
1234:1234
1234:1234
0:0
0:0" ]
	out_is 5000:44
	[ "$(stat -c %u:%g /etc/passwd)" = "$own" ]
}

@test "U: more directories below each other than it can take, and an unknown user" {
	mkdir -p "h/$(printf 'd/%.0s' $(seq 150))"
	box -v "$T/h:/m:U" true
	refused "$T/h" "128 directories"
	box -u ghost -v "$T/h:/m:U" true
	refused ghost
}

# On the file system of the tests, or one in memory: which of them can, is the kernel's matter.
mapped() {
	box -v "$T/h:/m:idmap=uids=7-1234-1#0-0-1;gids=8-1234-1#0-0-1" true
	[ "$code" != 0 ] || return 0
	mount -t tmpfs none h
	box -v "$T/h:/m:idmap=uids=7-1234-1#0-0-1;gids=8-1234-1#0-0-1" true
	[ "$code" != 0 ] || return 0
	umount h
	skip "neither $(stat -f -c %T .) nor tmpfs can be id-mapped here"
}

@test "idmap: other ids inside, nothing changed on disk" {
	mkdir h
	mapped
	touch h/root && chown 7:8 h/root && chmod 600 h/root
	box -v "$T/h:/m:idmap=uids=7-1234-1#0-0-1;gids=8-1234-1#0-0-1" sh -c \
		'stat -c %u:%g /m/root; touch /m/new'
	local seen=$out
	box -u app -v "$T/h:/m:idmap=uids=7-1234-1;gids=8-1234-1" sh -c 'echo x >/m/root && cat /m/root'
	local owners
	owners=$(stat -c %u:%g h/root h/new)
	umount h 2>/dev/null || true
	[ "$seen" = 1234:1234 ]
	out_is x
	[ "$owners" = "7:8
0:0" ]
	box -v "$T/h:/m:idmap" true
	refused idmap "no user namespace"
}

@test "tmpfs over a directory of another's, with a read-only root" {
	rootfs
	mkdir -m 1750 "$T/rootfs/cache"
	chown 1234:44 "$T/rootfs/cache"
	chmod 1750 "$T/rootfs/cache"
	touch "$T/rootfs/cache/f"
	ask tare run --rm --read-only --tmpfs /cache --tmpfs /none --tmpfs /m:mode=0700,size=64k \
		--rootfs "$T/rootfs:O" sh -c 'stat -c "%a %u:%g" /cache /none /m; ls /cache
			echo x >/etc/x; echo y >/cache/y && head -c 99999 /dev/zero >/m/z; wc -c </m/z
			echo z >/dev/null && cat /etc/hosts /etc/resolv.conf >/dev/null && echo fine'
	code_is 0
	out_is "1750 0:0
1777 0:0
700 0:0
65536
fine"
	err_has "Read-only file system"
	[ "$(stat -c '%a %u:%g' "$T/rootfs/cache")" = "1750 1234:44" ] && [ -e "$T/rootfs/cache/f" ]
	ask tare run --rm --tmpfs /cache:tmpcopyup --rootfs "$T/rootfs:O" stat -c '%a %u:%g' /cache /cache/f
	out_is "1750 1234:44
644 0:0"
}

@test "the script: propagation" {
	! grep -q /ld-linux "$TARE" || skip "tare is linked dynamically"
	shared_mount
	mkdir p
	ask tare run --rm --script -v "$T/h:/m:rslave" -v "$T/h:/s:rshared" -v "$T/p:/p" \
		--rootfs "$BASE:O" sh -c 'cut -d" " -f5,7 /proc/self/mountinfo | grep -E "^/[msp] |^/ "'
	cp .out script.sh
	ask sh script.sh
	umount -R h
	code_is 0
	printf '%s\n' "$out" | grep -qE '^/m master:[0-9]+$'
	printf '%s\n' "$out" | grep -qE '^/s shared:[0-9]+$'
	printf '%s\n' "$out" | grep -qx '/p -'
	printf '%s\n' "$out" | grep -qx '/ -'
}

@test "idmap: on a file system that can't, an error that says so" {
	box -v "/proc:/m:idmap=uids=0-1-1;gids=0-1-1" true
	refused /proc "id-mapped"
}
