# SPDX-License-Identifier: Apache-2.0
# nolimits.bats - a user's container stays in the caller's cgroup
load ../helpers

@test "limits are errors that say so" {
	[ ! -S "/run/user/$UID/bus" ] || skip "this user has a service manager: limits.bats"
	local flag
	for flag in "-m 100m" "--cpus 0.5" "--pids-limit 64"; do
		# shellcheck disable=SC2086 # two words on purpose
		box $flag true
		refused "${flag% *}"
		err_has cgroup
	done
}

@test "the container is in the caller's cgroup" {
	"$TARE" run --rm --rootfs "$BASE:O" sh -c 'echo ready; sleep 30' >got &
	local tare_pid=$! inner
	until_true grep -q ready got
	inner=$(first_process "$tare_pid")
	diff "/proc/$inner/cgroup" /proc/self/cgroup
	kill -KILL "$inner"
	wait "$tare_pid" || true
}

@test "--privileged: every capability inside, none outside" {
	box --privileged sh -c 'grep CapEff /proc/self/status; id -u'
	code_is 0
	out_lacks 00000000a80425fb
	box --privileged sh -c 'head -c 1 /dev/vda'
	[ "$code" != 0 ]
}
