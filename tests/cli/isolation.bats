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

@test "seccomp=FILE: the caller's own profile, in Docker's JSON" {
	cat >profile.json <<-'END'
		{"defaultAction": "SCMP_ACT_ALLOW",
		 "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]},
			{"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"]}],
		 "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28},
			{"names": ["rmdir", "unlinkat"], "action": "SCMP_ACT_ERRNO",
			 "includes": {"caps": ["CAP_SYS_ADMIN"]}}]}
	END
	box --security-opt seccomp=profile.json sh -c 'mkdir /tmp/a; cat /proc/self/status'
	code_is 0
	err_has "No space left on device"
	[ "$(status_line Seccomp)" = 2 ] || shown
	box --security-opt seccomp=profile.json --security-opt no-new-privileges mkdir /tmp/a
	code_is 1
	err_has "No space left on device"
	box --privileged --security-opt seccomp=profile.json rmdir /tmp
	code_is 1
	err_has "Operation not permitted"
}

@test "seccomp=FILE: one that is wrong, or denies the start itself, is an error before it" {
	echo '{"defaultAction": "SCMP_ACT_ERRNO"}' >none.json
	box --security-opt seccomp=none.json true
	refused "the seccomp profile denies execve" "hint: allow it"
	echo '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["openat2"], "action": "SCMP_ACT_ERRNO"}]}' >old.json
	box --security-opt seccomp=old.json true
	refused "the seccomp profile denies openat2" "no-new-privileges"
	box --security-opt seccomp=old.json --security-opt no-new-privileges true
	code_is 0
	echo '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": "mkdir"}]}' >bad.json
	box --security-opt seccomp=bad.json true
	refused "seccomp profile 'bad.json':1:50: syscalls[0]: lacks 'action'"
	box --security-opt seccomp=absent.json true
	refused "seccomp profile 'absent.json': No such file or directory"
	: >empty.json
	box --security-opt seccomp=empty.json true
	refused "seccomp profile 'empty.json'"
	head -c 1048577 /dev/zero >big.json
	box --security-opt seccomp=big.json true
	refused "seccomp profile 'big.json': more than 1048576 bytes"
}

@test "seccomp=FILE: a refusal that can't be is told" {
	echo '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls":
		[{"names": ["of_tomorrow"], "action": "SCMP_ACT_ERRNO"}]}' >new.json
	box --security-opt seccomp=new.json true
	code_is 0
	err_has "it refuses 'of_tomorrow'"
}

@test "--security-opt mask, unmask and systempaths" {
	box --security-opt mask=/etc/passwd:/bin cat /etc/passwd
	code_is 127
	box --security-opt mask=/etc/passwd cat /etc/passwd
	code_is 0
	out_is ""
	box cat /proc/self/mountinfo
	out_has " /proc/sys "
	box --security-opt unmask=/proc/sys cat /proc/self/mountinfo
	out_lacks " /proc/sys "
	out_has " /proc/bus "
	local option
	for option in unmask=ALL systempaths=unconfined; do
		box --security-opt $option cat /proc/self/mountinfo
		out_lacks " /proc/"
	done
	box --security-opt mask=proc true
	refused "absolute paths are expected"
}

@test "--security-opt that says what is so already" {
	box --security-opt label=disable --security-opt apparmor=unconfined \
		--security-opt seccomp=builtin cat /proc/self/status
	code_is 0
	[ "$(status_line Seccomp)" = 2 ] || shown
}

@test "--security-opt no-new-privileges" {
	box --security-opt no-new-privileges cat /proc/self/status
	[ "$(status_line NoNewPrivs)" = 1 ] || shown
	[ "$(status_line Seccomp)" = 2 ] || shown
}

@test "--security-opt that can't be applied fails the start" {
	local option
	for option in seccomp= seccomp apparmor=none-such label=type:x bogus no-new-privileges:maybe; do
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
