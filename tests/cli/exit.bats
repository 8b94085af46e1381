# SPDX-License-Identifier: Apache-2.0
# exit.bats - with which code and which words a run ends
load helpers

@test "the command's code is tare's" {
	box sh -c 'exit 3'
	code_is 3
	err_is ""
}

@test "output and errors stay apart" {
	box sh -c 'echo one; echo two >&2'
	code_is 0
	out_is one
	err_is two
}

@test "the command's own arguments are not tare's" {
	box echo --rm -t --name x -- y
	code_is 0
	out_is "--rm -t --name x -- y"
}

@test "a path that isn't there: 127" {
	box /nope
	code_is 127
	err_has "/nope"
}

@test "a name that isn't on PATH: 127, and the nearest that is" {
	box slepe 1
	code_is 127
	err_has "'slepe'"
	err_has "sleep"
}

@test "a file that may not be executed: 126, and which bit" {
	box /etc/passwd
	code_is 126
	err_has "/etc/passwd"
	err_has "0644"
}

@test "a directory: 126" {
	box /tmp
	code_is 126
	err_has "directory"
}

@test "no #! line: 126" {
	rootfs
	echo 'echo hi' | program s
	ask tare run --rm --rootfs "$T/rootfs" /s
	code_is 126
	err_has "#!"
}

@test "an interpreter that isn't there: 127, and its name" {
	rootfs
	printf '#!/bin/none\n' | program s
	ask tare run --rm --rootfs "$T/rootfs" /s
	code_is 127
	err_has "/bin/none"
}

@test "a carriage return behind the interpreter: 127, and shown" {
	rootfs
	printf '#!/bin/sh\r\necho hi\r\n' | program s
	ask tare run --rm --rootfs "$T/rootfs" /s
	code_is 127
	err_has '/bin/sh\r'
}

@test "a dynamic loader that isn't there: 127, and its name" {
	rootfs
	program s <"$(command -v env)"
	ask tare run --rm --rootfs "$T/rootfs" /s
	code_is 127
	err_has "ld-linux"
}

@test "a program of another machine: 126, and which" {
	rootfs
	program s <"$BASE/bin/busybox"
	case $(uname -m) in
	x86_64) printf '\267\000' | dd of="$T/rootfs/s" bs=1 seek=18 conv=notrunc status=none ;;
	*) printf '\076\000' | dd of="$T/rootfs/s" bs=1 seek=18 conv=notrunc status=none ;;
	esac
	ask tare run --rm --rootfs "$T/rootfs" /s
	code_is 126
	case $(uname -m) in
	x86_64) err_has aarch64 ;;
	*) err_has x86 ;;
	esac
}

@test "process 1 can't kill itself" {
	box sh -c 'kill -9 $$; echo still'
	code_is 0
	out_is still
}

@test "ended by a signal from outside: 128+n and a line that says so" {
	"$TARE" run --rm --rootfs "$BASE:O" sleep 30 2>"$T/err" &
	local tare_pid=$!
	until_true became "$tare_pid" sleep
	kill -KILL "$(first_process "$tare_pid")"
	code=0
	wait "$tare_pid" || code=$?
	[ "$code" = 137 ]
	grep -qi kill "$T/err"
	[ "$(wc -l <"$T/err")" = 1 ]
}

@test "a command's child that a signal ends is the command's affair" {
	box sh -c 'sh -c "kill -TERM \$\$"; exit $?'
	code_is 143
	# The outer shell's own word, and none of tare's.
	err_is Terminated
}

@test "a user or group that isn't there: what the root has" {
	rootfs
	printf 'root:x:0:0::/:/bin/sh\nalice:x:7:7::/:/bin/sh\n\033[31m:x:8:8::/:/bin/sh\n' >passwd
	rm -f "$T/rootfs/etc/passwd" && cp passwd "$T/rootfs/etc/passwd"
	printf 'root:x:0:\nstaff:x:9:\n' >group
	rm -f "$T/rootfs/etc/group" && cp group "$T/rootfs/etc/group"
	ask tare run --rm --rootfs "$T/rootfs" -u alise true
	refused "user 'alise'" "/etc/passwd" "is it 'alice'?"
	ask tare run --rm --rootfs "$T/rootfs" -u somebody true
	refused "user 'somebody'" 'root, alice, \x1b[31m'
	ask tare run --rm --rootfs "$T/rootfs" -u alice:wheel true
	refused "group 'wheel'" "/etc/group" "root, staff"
	rm "$T/rootfs/etc/passwd"
	ask tare run --rm --rootfs "$T/rootfs" -u alice true
	refused "user 'alice'" "use a number"
}
