# SPDX-License-Identifier: Apache-2.0
# limits.bats - memory, processors, processes: seen from inside, from the host, and when reached
load ../helpers
load cgroup

@test "-m sets memory, and twice of it with swap" {
	limited -m 100m
	[ "$(value memory memory.max memory.limit_in_bytes)" = 104857600 ]
	if [ -e "$(group memory)/memory.max" ]; then
		[ "$(cat "$(group memory)/memory.swap.max")" = 104857600 ]
	elif [ -e "$(group memory)/memory.memsw.limit_in_bytes" ]; then
		[ "$(cat "$(group memory)/memory.memsw.limit_in_bytes")" = 209715200 ]
	fi
	ended
}

@test "--memory-swap: memory and swap together" {
	local row swap v2 v1 memory
	for row in "150m 52428800 157286400" "100m 0 104857600" "-1 max -1" "0 104857600 209715200"; do
		read -r swap v2 v1 <<<"$row"
		limited -m 100m --memory-swap "$swap"
		memory=$(group memory)
		if [ -e "$memory/memory.swap.max" ]; then
			[ "$(cat "$memory/memory.swap.max")" = "$v2" ]
		elif [ -e "$memory/memory.memsw.limit_in_bytes" ] && [ "$v1" = -1 ]; then
			[ "$(cat "$memory/memory.memsw.limit_in_bytes")" -gt 1000000000000 ]
		elif [ -e "$memory/memory.memsw.limit_in_bytes" ]; then
			[ "$(cat "$memory/memory.memsw.limit_in_bytes")" = "$v1" ]
		fi
		ended
	done
}

@test "--memory-swap: less than the memory, or alone, is refused" {
	box -m 100m --memory-swap 50m true
	code_is 125
	box --memory-swap 200m true
	code_is 125
	box -m 1m true
	refused 6
}

@test "a container that needs more is killed within its cgroup, and tare says so" {
	box -m 20m sh -c 'head -c 200000000 /dev/zero | tail | wc -c; echo after'
	box -m 20m tail /dev/zero
	code_is 137
	err_has 20
	err_has memory
	[ "$(printf '%s\n' "$err" | wc -l)" = 1 ] || shown
}

@test "the least memory tare takes starts" {
	local try
	for try in 1 2 3 4 5; do
		box -m 6m true
		code_is 0
	done
}

@test "--cpus" {
	limited --cpus 0.5
	if [ -e "$(group cpu)/cpu.max" ]; then
		[ "$(cat "$(group cpu)/cpu.max")" = "50000 100000" ]
	else
		[ "$(cat "$(group cpu)/cpu.cfs_quota_us")" = 50000 ]
		[ "$(cat "$(group cpu)/cpu.cfs_period_us")" = 100000 ]
	fi
	ended
	box --cpus 0.001 true
	refused 0.01
	box --cpus 4096 true
	code_is 125
}

@test "--pids-limit" {
	limited --pids-limit 64
	[ "$(cat "$(group pids)/pids.max")" = 64 ]
	ended
	box --pids-limit 5 sh -c 'for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait'
	[ "$code" != 0 ]
	err_has "fork"
	err_has "its limit of 5 processes"
}

@test "--cgroups disabled: no cgroup of its own, and no limits with it" {
	limited --cgroups disabled
	[ "$(cat "/proc/$inner/cgroup")" = "$(cat /proc/self/cgroup)" ]
	ended
	box --cgroups disabled -m 100m true
	refused cgroups
}

@test "devices: any node can be made, only Docker's can be opened" {
	local disk
	disk=$(awk 'NR > 2 { print $1, $2; exit }' /proc/partitions)
	box --tmpfs /d:dev sh -c "cd /d && mknod null c 1 3 && mknod kmsg c 1 11 && mknod disk b ${disk:-8 0} && ls
		echo x >null && head -c 1 /dev/zero >null && echo fine
		head -c 1 kmsg; head -c 1 disk; echo x >kmsg"
	out_is "disk
kmsg
null
fine"
	[ "$(printf '%s\n' "$err" | grep -c 'Operation not permitted')" = 3 ] || shown
}

@test "all limits at once, on a user that is nobody" {
	rootfs
	echo 'nobody:x:65534:65534::/:/bin/sh' | cat "$BASE/etc/passwd" - >passwd
	rm "$T/rootfs/etc/passwd" && cp passwd "$T/rootfs/etc/passwd"
	ask tare run --rm --rootfs "$T/rootfs" --memory 100m --cpus 0.5 --pids-limit 64 --cap-drop ALL \
		--read-only -u nobody sh -c 'id -u; grep CapBnd /proc/self/status; touch /x'
	out_has 65534
	out_has 0000000000000000
	err_has "Read-only"
}
