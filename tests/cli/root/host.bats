# SPDX-License-Identifier: Apache-2.0
# host.bats - what only root can ask for, or arrange
load ../helpers

@test "-v :ro is read-only below mounts too" {
	mkdir -p h/sub
	mount -t tmpfs none h/sub
	box -v "$T/h:/m:ro" sh -c 'touch /m/a; touch /m/sub/b; ls /m/sub'
	umount h/sub
	code_is 0
	out_is ""
	[ "$(printf '%s\n' "$err" | grep -c 'Read-only file system')" = 2 ]
}

@test "a volume keeps the flags of its mount" {
	mkdir h
	mount -t tmpfs -o nosuid,nodev,noexec none h
	box -v "$T/h:/m" grep ' /m ' /proc/self/mounts
	cp "$BASE/bin/busybox" h/prog
	local flags=$out
	box -v "$T/h:/m" /m/prog true
	umount h
	case $flags in *nosuid,nodev,noexec*) ;; *) return 1 ;; esac
	code_is 126
	err_has noexec
	err_has /m
}

@test "mounts made on the host later don't come in, and none go out" {
	mkdir h
	"$TARE" run --rm -v "$T/h:/m" --rootfs "$BASE:O" sh -c 'echo ready; sleep 1; ls /m' >got &
	local tare_pid=$!
	until_true grep -q ready got
	mount -t tmpfs none h
	touch h/later
	wait "$tare_pid"
	umount h
	[ "$(cat got)" = ready ]
}

@test "--privileged: every capability there is, no filter, no masks, the host's devices" {
	box --privileged sh -c 'grep -e CapEff -e "^Seccomp:" /proc/self/status; stat -c %F /proc/timer_list; ls /dev'
	code_is 0
	out_has "$(grep CapBnd /proc/self/status | sed 's/CapBnd/CapEff/')"
	out_has "Seccomp:	0"
	out_has "regular"
	[ "$(printf '%s\n' "$out" | wc -l)" -gt 20 ]
}

@test "--userns: host is the default, keep-id an error for root" {
	box --userns host readlink /proc/self/ns/user
	code_is 0
	out_is "$(readlink /proc/self/ns/user)"
	box --userns keep-id true
	code_is 125
	err_has keep-id
}

@test "the overlay's directories are closed to other users" {
	ask tare run --name closed --rootfs "$BASE:O" sh -c 'echo secret >/s'
	code_is 0
	ask setpriv --reuid 65534 --regid 65534 --clear-groups find "$TARE_ROOT" "$TARE_RUNROOT" -name s
	out_is ""
	ask tare rm closed
	code_is 0
}

@test "a kernel write through /proc/sys is refused, with the host's network too" {
	box --network host sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
	[ "$code" != 0 ]
	err_has "Read-only file system"
}
