# SPDX-License-Identifier: Apache-2.0
# isolation.bats - what the command cannot see or do
load helpers

status_line() {
	printf '%s\n' "$out" | sed -n "s/^$1:[[:space:]]*//p"
}

@test "every namespace is its own" {
	local name
	for name in mnt pid net ipc uts cgroup; do
		readlink "/proc/self/ns/$name"
	done >outside
	box sh -c 'for n in mnt pid net ipc uts cgroup; do readlink /proc/self/ns/$n; done'
	code_is 0
	printf '%s\n' "$out" >inside
	[ -z "$(comm -12 <(sort outside) <(sort inside))" ]
	[ "$(wc -l <inside)" = 6 ]
}

@test "it sees its own processes only" {
	box sh -c 'ls -d /proc/[0-9]* | wc -l'
	[ "$out" -le 3 ]
}

@test "Docker's capabilities, none inheritable or ambient" {
	local set=00000000a80425fb
	# No device filter is to be had for an ordinary user: no CAP_MKNOD.
	[ "$TARE_AS" = root ] || set=00000000a00425fb
	box cat /proc/self/status
	[ "$(status_line CapEff)" = "$set" ] || shown
	[ "$(status_line CapPrm)" = "$set" ] || shown
	[ "$(status_line CapBnd)" = "$set" ] || shown
	[ "$(status_line CapInh)" = 0000000000000000 ] || shown
	[ "$(status_line CapAmb)" = 0000000000000000 ] || shown
}

@test "--cap-drop and --cap-add" {
	box --cap-drop ALL cat /proc/self/status
	[ "$(status_line CapBnd)" = 0000000000000000 ] || shown
	box --cap-drop all --cap-add net_bind_service --cap-add CAP_CHOWN cat /proc/self/status
	[ "$(status_line CapEff)" = 0000000000000401 ] || shown
	box --cap-drop CHOWN --cap-drop MKNOD cat /proc/self/status
	[ "$(status_line CapEff)" = 00000000a00425fa ] || shown
}

@test "an unknown capability: the nearest is proposed" {
	box --cap-add NET_ADMINN true
	code_is 125
	err_has NET_ADMIN
}

@test "seccomp: on, and off when asked" {
	box cat /proc/self/status
	[ "$(status_line Seccomp)" = 2 ] || shown
	[ "$(status_line NoNewPrivs)" = 0 ] || shown
	box --security-opt seccomp=unconfined cat /proc/self/status
	[ "$(status_line Seccomp)" = 0 ] || shown
}

@test "seccomp: what Docker denies is denied" {
	box sh -c 'unshare -U true; dmesg >/dev/null'
	[ "$code" != 0 ]
	err_has "unshare"
	err_has "Operation not permitted"
}

@test "--security-opt no-new-privileges" {
	box --security-opt no-new-privileges cat /proc/self/status
	[ "$(status_line NoNewPrivs)" = 1 ] || shown
	[ "$(status_line Seccomp)" = 2 ] || shown
}

@test "--security-opt that can't be applied fails the start" {
	local option
	for option in seccomp= seccomp apparmor=none-such bogus no-new-privileges:maybe; do
		box --security-opt "$option" true
		code_is 125
	done
}

@test "without --network there is lo, up, and nothing else" {
	box sh -c 'ls /sys/class/net; ping -c 1 -W 1 127.0.0.1 >/dev/null; ip -o addr show lo | grep -c 127.0.0.1'
	code_is 0
	out_is "lo
1"
}

@test "--network none is the same, --network host is the host's" {
	box --network none ls /sys/class/net
	out_is lo
	box --network host readlink /proc/self/ns/net
	code_is 0
	out_is "$(readlink /proc/self/ns/net)"
}

@test "--network bridge is not there yet" {
	box --network bridge true
	code_is 125
	err_has bridge
}

@test "-h sets the host name inside, and only there" {
	local before
	before=$(uname -n)
	box -h other hostname
	out_is other
	[ "$(uname -n)" = "$before" ]
}

@test "a bad host name" {
	box -h 'a b' true
	refused "a b"
	box -h "$(printf 'x%.0s' $(seq 80))" true
	code_is 125
}

@test "mount(2) is out of reach" {
	box mount -t tmpfs none /tmp
	[ "$code" != 0 ]
	box mknod /tmp/sda b 8 0
	box sh -c 'head -c 1 /tmp/sda'
	[ "$code" != 0 ]
}
