#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# passwd.bats - --passwd and its kin: lines for the container's /etc/passwd and /etc/group
load helpers


own_rootfs() {
	rootfs
	cp --remove-destination "$BASE/etc/passwd" "$BASE/etc/group" "$T/rootfs/etc/"
	before=$(cat "$T/rootfs/etc/passwd" "$T/rootfs/etc/group")
}

unchanged() {
	[ "$(cat "$T/rootfs/etc/passwd" "$T/rootfs/etc/group")" = "$before" ]
}

@test "--passwd names a number, in an overlay and over a directory that stays as it is" {
	own_rootfs
	local root number=0
	[ "$TARE_AS" = root ] && number=4322
	for root in "$T/rootfs:O" "$T/rootfs"; do
		for flag in "" --read-only; do
			[ "$number" != 0 ] || continue
			# shellcheck disable=SC2086 # a word or none
			ask tare run --rm $flag --passwd -u 4322:8765 -w /tmp --rootfs "$root" sh -c \
				'whoami; echo "$HOME"; tail -n 1 /etc/passwd; tail -n 1 /etc/group'
			code_is 0
			out_is $'4322\n/tmp\n4322:*:4322:8765:container user:/tmp:/bin/sh\n8765:x:8765:4322'
		done
	done
	# A user whom the image knows gets no second line.
	ask tare run --rm --passwd -u 0:0 --rootfs "$T/rootfs:O" cat /etc/passwd /etc/group
	out_is "$before"
	ask tare run --rm --rootfs "$T/rootfs" cat /etc/passwd /etc/group
	out_is "$before"
	unchanged
}

@test "--passwd with a root that has no such file, or no regular one" {
	own_rootfs
	rm "$T/rootfs/etc/passwd"
	for root in "$T/rootfs:O" "$T/rootfs"; do
		ask tare run --rm --hostuser 0 --rootfs "$root" sh -c 'ls /etc/passwd'
		code_is 1
	done
	[ ! -e "$T/rootfs/etc/passwd" ]
	mkfifo "$T/rootfs/etc/passwd"
	for root in "$T/rootfs:O" "$T/rootfs"; do
		ask tare run --rm --hostuser 0 --rootfs "$root" test -p /etc/passwd
		code_is 0
	done
}

@test "no line goes through a link to what the host has" {
	own_rootfs
	mkdir out
	echo "x:x:9:9::/:/bin/sh" >out/passwd
	chmod 666 out/passwd
	for target in /data/passwd ../../../../../../data/passwd "$T/out/passwd" /proc/1/root"$T/out/passwd"; do
		ln -sf "$target" "$T/rootfs/etc/passwd"
		for root in "$T/rootfs:O" "$T/rootfs"; do
			ask tare run --rm --hostuser 0 -v "$T/out:/data" --rootfs "$root" true
			code_is 0
			[ "$(cat out/passwd)" = "x:x:9:9::/:/bin/sh" ]
		done
	done
	# One that stays inside is followed.
	mv "$T/rootfs/etc/group" "$T/rootfs/etc/users"
	echo "other:x:77:77::/:/bin/sh" >"$T/rootfs/etc/users"
	ln -sf /etc/users "$T/rootfs/etc/passwd"
	ask tare run --rm --hostuser 0 --rootfs "$T/rootfs:O" cat /etc/users
	out_has "root:*:0:0:"
}

@test "--hostuser: users of the host, by name and number; their home, where it is shown" {
	own_rootfs
	sed -i /root/d "$T/rootfs/etc/passwd"
	ask tare run --rm --hostuser root --hostuser 0 -v "$T:/root/x" --rootfs "$T/rootfs:O" \
		grep root /etc/passwd
	out_is "root:*:0:0:$(grep ^root: /etc/passwd | cut -d : -f 5):/:/bin/sh"
	ask tare run --rm --hostuser root --tmpfs /root --rootfs "$T/rootfs:O" grep -c :/root: /etc/passwd
	out_is 1
	box --hostuser no-such-user true
	refused "--hostuser 'no-such-user'" 'no such user'
	box --hostuser '' true
	refused --hostuser
	box --hostuser root -v /etc/passwd:/etc/passwd true
	refused 'takes the place of /etc/passwd'
}

@test "--passwd-entry and --group-entry say the line" {
	[ "$TARE_AS" = root ] || skip "numbers are root's to choose"
	# shellcheck disable=SC2016 # names for tare, not for the shell
	box --passwd-entry 'me$UID:x:$UID:$GID:$NAME:$HOME:/bin/false' --group-entry 'us:x:$GID:$USERLIST' \
		-u 4322:8765 sh -c 'tail -n 1 /etc/passwd; tail -n 1 /etc/group; whoami'
	out_is $'me4322:x:4322:8765:container user:/:/bin/false\nus:x:8765:4322\nme4322'
	for entry in a:b $'a:b:1:1:::\nb:c:2:2:::' ':b:1:1:::' ''; do
		box --passwd-entry "$entry" -u 4322 true
		refused --passwd-entry '7 fields'
	done
}

@test "--passwd with keep-id names the caller" {
	[ "$TARE_AS" != root ] || skip "for ordinary users"
	grep -q "^[^:]*:[^:]*:$(id -u):" /etc/passwd || skip "this user has no line on the host"
	box --passwd --userns keep-id whoami
	out_is "$(id -un)"
}
