# SPDX-License-Identifier: Apache-2.0
# limits.bats - an ordinary user's limits, by a scope of the user's own service manager
#
# They run where there is one that answers: in the virtual machine, whose user lingers.
load ../helpers

session=/sys/fs/cgroup/user.slice/user-$UID.slice/user@$UID.service

setup() {
	[ -S "/run/user/$UID/bus" ] && [ -e "$session/cgroup.controllers" ] ||
		skip "this user has no service manager with a part of cgroup v2"
	T=$(mktemp -d)
	cd "$T" || return 1
	export TARE_ROOT=$T/root TARE_RUNROOT=$T/runroot
	traces_before=$(traces)
}

teardown() {
	[ -n "${T-}" ] || return 0
	local try
	for try in $(seq 40); do
		if left_nothing "$traces_before"; then
			cd / && rm -rf --one-file-system "$T"
			return 0
		fi
		sleep 0.1
	done
	echo "left behind:"
	echo "$left"
	return 1
}

# limited FLAGS…: starts a container that waits, leaves its first process in $inner, its cgroup in $at
limited() {
	"$TARE" run --rm --rootfs "$BASE:O" "$@" sleep 30 &
	tare_pid=$!
	until_true became_child sleep
	inner=$(pgrep -P "$tare_pid" -x sleep)
	at=/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$inner/cgroup")
}

became_child() {
	pgrep -P "$tare_pid" -x "$1"
}

ended() {
	kill -KILL "$inner"
	wait "$tare_pid" || true
}

no_scope() {
	[ -z "$(find "$session" -name 'tare-*')" ]
}

@test "the values are the kernel's, in a group of its own inside of a scope" {
	limited -m 50m --cpus 0.5 --pids-limit 64 -c 512
	[[ $at == "$session"/app.slice/tare-*.scope/tare-* ]] || { echo "$at"; return 1; }
	[ "$(cat "$at/memory.max")" = 52428800 ]
	[ "$(cat "$at/cpu.max")" = "50000 100000" ]
	[ "$(cat "$at/cpu.weight")" = 59 ]
	[ "$(cat "$at/pids.max")" = 64 ]
	ended
	until_true no_scope
}

@test "inside it looks like the whole tree" {
	box -m 50m sh -c 'cat /proc/self/cgroup /sys/fs/cgroup/memory.max; mkdir /sys/fs/cgroup/x'
	out_is "0::/
52428800"
	err_has "Read-only"
}

@test "memory: the container is killed within its group, and tare says so" {
	box -m 20m tail /dev/zero
	code_is 137
	err_has memory
}

@test "processes: the limit holds" {
	box --pids-limit 5 sh -c 'for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait'
	[ "$code" != 0 ]
	err_has "fork"
	err_has "its limit of 5 processes"
}

@test "kill -9 of tare leaves neither container nor scope" {
	limited -m 50m
	kill -KILL "$tare_pid"
	wait "$tare_pid" || true
	until_true no_scope
	! [ -e "/proc/$inner" ] || ! grep -qx sleep "/proc/$inner/comm"
	tare ps -a >/dev/null
}

@test "without a limit no scope is made" {
	"$TARE" run --rm --rootfs "$BASE:O" sleep 30 &
	tare_pid=$!
	until_true became_child sleep
	inner=$(pgrep -P "$tare_pid" -x sleep)
	[ "$(cat "/proc/$inner/cgroup")" = "$(cat /proc/self/cgroup)" ]
	no_scope
	ended
}

@test "--cgroups enabled asks for one, --cgroup-parent for another slice" {
	box --cgroups enabled cat /proc/self/cgroup
	out_is "0::/"
	limited -m 50m --cgroup-parent tests-night.slice
	[[ $at == "$session"/tests.slice/tests-night.slice/tare-*.scope/tare-* ]] || { echo "$at"; return 1; }
	ended
	until_true no_scope
}

@test "a controller that the user was not given is an error that says how to get it" {
	box --cpuset-cpus 0 true
	refused cpuset Delegate
}

@test "in a group that is the user's own and empty no scope is needed" {
	export XDG_RUNTIME_DIR=/run/user/$UID
	ask systemd-run --quiet --user --scope -p Delegate=yes "$TARE" run --rm --rootfs "$BASE:O" \
		-m 50m cat /sys/fs/cgroup/memory.max
	code_is 0
	out_is 52428800
	[[ $(systemd-run --quiet --user --scope -p Delegate=yes "$TARE" run --explain -m 50m hello) != \
		*"ask systemd"* ]]
}

@test "the script makes the same" {
	ask tare run --rm --rootfs "$BASE:O" --script -m 50m --pids-limit 30 \
		sh -c 'cat /proc/self/cgroup /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max'
	code_is 0
	cp "$T/.out" script.sh
	ask timeout -k 2 60 sh script.sh
	code_is 0
	out_is "0::/
52428800
30"
	until_true no_scope
}
