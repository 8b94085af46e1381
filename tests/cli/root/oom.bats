# SPDX-License-Identifier: Apache-2.0
# oom.bats - memory runs out while the container is being made
#
# As root the first process uses tare's own memory until it becomes the workload: it must fit. In a
# user namespace it has a copy, and may be the only one that is killed.
load ../helpers

@test "no step is killed at the least memory tare takes" {
	mkdir d
	box -m 6m --memory-swap 6m --init --read-only --cap-drop ALL -u app -w /new -v "$T/d:/a/b" \
		--tmpfs /c --env-file /dev/null --trace true
	code_is 0
	[[ $err != *"killed because memory"* ]] || shown
}

# memory_cgroup NAME: makes one that has no memory to give, $group
memory_cgroup() {
	if [ -d /sys/fs/cgroup/memory ]; then
		group=/sys/fs/cgroup/memory/$1 limit=memory.limit_in_bytes events=memory.oom_control
	else
		group=/sys/fs/cgroup/$1 limit=memory.max events=memory.events
	fi
	mkdir "$group"
	echo 0 >"$group/$limit"
}

@test "a first process with memory of its own is killed alone, and tare says so" {
	local at=1 runs=0 in_exec=0 as=("$(type -P setpriv)" --reuid 65534 --regid 65534 --clear-groups)
	memory_cgroup "starve-$$"
	mkdir -m 777 open
	chmod 711 "$T"
	export TARE_ROOT=$T/open/root TARE_RUNROOT=$T/open/runroot
	while ask "$STAGE/bin/killat" starve "$at" "$group/cgroup.procs" \
		"${as[@]}" "$TARE" run --rm --rootfs "$BASE:O" true && [ "$code" != 1 ]; do
		case $code:$err in
		"125:tare: the container was killed before it started (SIGKILL)") ;;
		"137:tare: the container was ended by SIGKILL"*) in_exec=$((in_exec + 1)) ;; # its last call
		*) shown ;;
		esac
		at=$((at + ${TARE_KILL_STEP:-8})) runs=$((runs + 1))
	done
	grep "^oom_kill " "$group/$events" >kills
	rmdir "$group"
	code_is 1 # it makes no more calls
	[ "$runs" -gt 5 ]
	[ "$in_exec" -le 1 ]
	[ "$(cat kills)" = "oom_kill $runs" ]
}
