# SPDX-License-Identifier: Apache-2.0
# parent.bats - --cgroup-parent, --cgroup-conf, and groups that root hands to a user
load ../helpers
load cgroup

# The trees that a container joins.
trees() {
	if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
		echo /sys/fs/cgroup
	else
		ls -d /sys/fs/cgroup/{memory,pids,cpu,cpuacct,devices,cpuset} 2>/dev/null
	fi
}

remove_parent() {
	local tree
	for tree in $(trees) /sys/fs/cgroup/unified; do
		[ ! -d "$tree/$1" ] || rmdir "$tree/$1"
	done
}

@test "the group is made below the one that is named, which stays" {
	local parent=parent-$$
	limited --cgroup-parent "/$parent/inner/" -m 50m --cpuset-cpus 0
	[[ $(group memory) == */$parent/inner/tare-* ]] || { group memory; return 1; }
	[ "$(value memory memory.max memory.limit_in_bytes)" = 52428800 ]
	[ "$(value cpuset cpuset.cpus cpuset.cpus)" = 0 ]
	ended
	local tree found=0
	for tree in $(trees); do
		[ ! -d "$tree/$parent/inner" ] || found=$((found + 1))
		[ -z "$(find "$tree/$parent" -name 'tare-*')" ]
	done
	[ "$found" -gt 0 ]
	remove_parent "$parent/inner"
	remove_parent "$parent"
}

@test "a parent's own limit holds for its containers together" {
	local parent=bound-$$ tree
	for tree in $(trees); do
		mkdir -p "$tree/$parent"
	done
	if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
		echo +pids >/sys/fs/cgroup/cgroup.subtree_control
		echo 5 >"/sys/fs/cgroup/$parent/pids.max"
	else
		echo 5 >"/sys/fs/cgroup/pids/$parent/pids.max"
	fi
	box --cgroup-parent "$parent" sh -c 'for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait'
	[ "$code" != 0 ]
	err_has fork
	remove_parent "$parent"
}

@test "paths that are none are refused" {
	local path
	for path in .. a/../b a//b /; do
		box --cgroup-parent "$path" true
		refused cgroup-parent
	done
	box --cgroups disabled --cgroup-parent x true
	refused cgroup-parent disabled
}

@test "the script makes the same groups" {
	local parent=script-$$
	ask tare run --rm --rootfs "$BASE:O" --script --cgroup-parent "$parent" -m 50m --cpuset-cpus 0 \
		cat /proc/self/cgroup
	code_is 0
	cp "$T/.out" script.sh
	ask timeout -k 2 30 sh script.sh
	code_is 0
	box --cgroup-parent "$parent" -m 50m --cpuset-cpus 0 cat /proc/self/cgroup
	code_is 0
	remove_parent "$parent"
}

@test "--cgroup-conf: a file of cgroup v2" {
	if [ ! -e /sys/fs/cgroup/cgroup.controllers ]; then
		box --cgroup-conf memory.high=50000000 true
		refused memory.high "cgroup v1"
		return
	fi
	limited --cgroup-conf memory.high=52428800 --cgroup-conf cgroup.max.depth=3
	[ "$(cat "$(group memory)/memory.high")" = 52428800 ]
	[ "$(cat "$(group memory)/cgroup.max.depth")" = 3 ]
	ended
	box --cgroup-conf memory.there-is-none=1 true
	refused memory.there-is-none
	box --cgroup-conf ../memory.max=1 true
	refused ../memory.max
	box --cgroup-conf cgroup.procs=1 true
	refused cgroup.procs
}

@test "cgroup v1: a group that root hands over is where a user's limits are" {
	[ ! -e /sys/fs/cgroup/cgroup.controllers ] || skip "cgroup v1 only"
	local parent=handed-$$ tree as
	as=("$(type -P setpriv)" --reuid 65534 --regid 65534 --clear-groups)
	for tree in memory pids cpu; do
		mkdir "/sys/fs/cgroup/$tree/$parent"
		chown -R 65534:65534 "/sys/fs/cgroup/$tree/$parent"
	done
	mkdir -m 777 open
	chmod 711 "$T"
	export TARE_ROOT=$T/open/root TARE_RUNROOT=$T/open/runroot
	ask "${as[@]}" "$TARE" run --rm --rootfs "$BASE:O" --cgroup-parent "$parent" -m 50m --cpus 0.5 \
		--pids-limit 20 sh -c 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes
			cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/cpu/cpu.cfs_quota_us'
	code_is 0
	out_is "52428800
20
50000"
	ask "${as[@]}" "$TARE" run --rm --rootfs "$BASE:O" --cgroup-parent "$parent" -m 20m tail /dev/zero
	code_is 137
	err_has memory
	ask "${as[@]}" "$TARE" run --rm --rootfs "$BASE:O" --cgroup-parent "$parent-none" -m 20m true
	refused "$parent-none"
	for tree in memory pids cpu; do
		rmdir "/sys/fs/cgroup/$tree/$parent"
	done
}
