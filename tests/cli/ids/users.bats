# SPDX-License-Identifier: Apache-2.0
# users.bats - -u: names and numbers, looked up in the root (needs more than one id inside)
load ../helpers

# who USER: the ids and home that -u USER gives
who() {
	box -u "$1" sh -c 'echo $(id -u) $(id -g) $HOME'
	code_is 0
}

@test "-u by name and by number" {
	who app
	out_is "1234 1234 /home/app"
	who 1234
	out_is "1234 1234 /home/app"
	who 5000
	out_is "5000 0 /"
	who 5000:media
	out_is "5000 44 /"
	who app:0
	out_is "1234 0 /home/app"
}

@test "-u: a number is never a name" {
	who 4321
	out_is "4321 0 /"
}

@test "-u: users and groups that aren't there are errors that name the file" {
	box -u ghost true
	refused ghost passwd
	box -u app:ghost true
	refused ghost group
}

@test "-u: what is no id" {
	local user
	for user in 4294967296 4294967295 -1 01x :; do
		box -u "$user" true
		code_is 125
	done
}

@test "-u on a root without passwd" {
	rootfs
	rm "$T/rootfs/etc/passwd" "$T/rootfs/etc/group"
	ask tare run --rm --rootfs "$T/rootfs" -u 5000 sh -c 'echo $(id -u) $(id -g) $HOME'
	code_is 0
	out_is "5000 0 /"
}

@test "-u: groups are the root's, none of the caller's" {
	box -u app id -G
	out_is "1234 44"
	box -u app:app id -G
	out_is 1234
	box id -G
	out_is 0
}

@test "a user other than root has no capabilities but the bounding set" {
	local set=00000000a80425fb
	[ "$TARE_AS" = root ] || set=00000000a00425fb
	box -u app cat /proc/self/status
	printf '%s\n' "$out" | grep -q '^CapEff:.0000000000000000$'
	printf '%s\n' "$out" | grep -q '^CapPrm:.0000000000000000$'
	printf '%s\n' "$out" | grep -q '^CapInh:.0000000000000000$'
	printf '%s\n' "$out" | grep -q '^CapAmb:.0000000000000000$'
	printf '%s\n' "$out" | grep -q "^CapBnd:.$set\$"
}

@test "--cap-add for a user other than root says that it does nothing" {
	box -u app --cap-add NET_ADMIN true
	code_is 0
	err_has NET_ADMIN
}

@test "a program that only its owner may run: which bit, whose file" {
	rootfs
	program own <"$BASE/bin/busybox"
	chmod 700 "$T/rootfs/own"
	ask tare run --rm --rootfs "$T/rootfs" -u app /own
	code_is 126
	err_has 0700
	err_has /own
}

@test "files that belong to others stay theirs" {
	rootfs
	ask tare run --rm --rootfs "$T/rootfs:O" sh -c 'mkdir /x && chown app:media /x && su app -c "touch /x/y" 2>/dev/null; stat -c %u:%g /x'
	code_is 0
	out_is 1234:44
}

# The exec of a set-uid program makes the kernel forget that it should kill it with its parent.
@test "kill -9 of a tare whose workload is set-uid: the next command ends it" {
	local tare_pid first keep
	rootfs
	cp --remove-destination "$BASE/bin/busybox" "$T/rootfs/bin/busybox"
	chmod 4755 "$T/rootfs/bin/busybox"
	for keep in --rm --name=kept; do
		"$TARE" run "$keep" --cgroups disabled -u app --rootfs "$T/rootfs" sleep 60 &
		tare_pid=$!
		until_true became "$tare_pid" sleep
		first=$(first_process "$tare_pid")
		until_true recorded
		kill -KILL "$tare_pid"
		wait "$tare_pid" || true
		kill -0 "$first"
		ask tare ps -a
		code_is 0
		until_true test ! -e "/proc/$first"
	done
	ask tare rm kept
	code_is 0
}

@test "--group-add: names of the root, numbers, beside the user's own" {
	box -u app --group-add disk --group-add 999 id -G
	code_is 0
	[ "$(printf '%s\n' $out | sort -n | tr '\n' ' ')" = "6 44 999 1234 " ] || shown
	box -u app:app --group-add media id -G
	out_is "1234 44"
	box -u app --group-add ghost true
	refused ghost /etc/group
	box -u app --group-add 4294967295 true
	refused 4294967295
	box --group-add keep-groups --group-add disk true
	refused keep-groups
}
