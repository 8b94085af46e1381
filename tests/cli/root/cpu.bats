# SPDX-License-Identifier: Apache-2.0
# cpu.bats - shares, quota and period, sets of processors, real time: read back from the host
load ../helpers
load cgroup

@test "--cpu-shares: shares, or the weight that stands for them" {
	local pair
	for pair in 2:1 100:17 512:59 1024:100 2048:174 262144:10000; do
		limited -c "${pair%:*}"
		kernel cpu cpu.weight "${pair#*:}" cpu.shares "${pair%:*}"
		ended
	done
	limited --cpu-shares 0
	kernel cpu cpu.weight 100 cpu.shares 1024
	ended
	box --cpu-shares 1 true
	refused cpu-shares 262144
}

@test "--cpu-quota and --cpu-period; not together with --cpus" {
	limited --cpu-period 50000 --cpu-quota 25000
	kernel cpu cpu.max "25000 50000" cpu.cfs_quota_us 25000
	ended
	limited --cpu-quota 25000
	kernel cpu cpu.max "25000 100000" cpu.cfs_quota_us 25000
	ended
	box --cpus 1 --cpu-quota 50000 true
	refused cpus cpu-quota
	box --cpu-quota 999 true
	refused cpu-quota 1000
}

@test "--cpuset-cpus and --cpuset-mems: seen inside, held by the kernel, checked before" {
	box --cpuset-cpus 0 grep Cpus_allowed_list /proc/self/status
	code_is 0
	out_is "Cpus_allowed_list:	0"
	box --cpuset-cpus 0 --cpuset-mems 0 grep Mems_allowed_list /proc/self/status
	out_is "Mems_allowed_list:	0"
	limited --cpuset-mems 0
	kernel cpuset cpuset.mems 0 cpuset.mems 0
	ended
	box --cpuset-cpus 0-8000 true
	refused cpuset-cpus 8000 "$(cat /sys/devices/system/cpu/online)"
	box --cpuset-mems 4000 true
	refused cpuset-mems "memory nodes"
	box --cpuset-cpus 1-0 true
	refused cpuset-cpus
}

@test "real-time limits: cgroup v1 that has them, else an error that says why" {
	if [ -e /sys/fs/cgroup/cpu/cpu.rt_runtime_us ]; then
		limited --cpu-rt-period 1000000 --cpu-rt-runtime 1000
		[ "$(cat "$(group cpu)/cpu.rt_runtime_us")" = 1000 ]
		ended
	else
		box --cpu-rt-runtime 1000 true
		refused real-time
	fi
}

@test "--memory-reservation, --memory-swappiness, --oom-kill-disable" {
	limited -m 100m --memory-reservation 50m
	kernel memory memory.low 52428800 memory.soft_limit_in_bytes 52428800
	ended
	if [ -d /sys/fs/cgroup/memory ]; then
		limited -m 100m --memory-swappiness 7 --oom-kill-disable
		[ "$(cat "$(group memory)/memory.swappiness")" = 7 ]
		grep -qx "oom_kill_disable 1" "$(group memory)/memory.oom_control"
		ended
	else
		box --memory-swappiness 7 true
		refused memory-swappiness "cgroup v2"
		box -m 100m --oom-kill-disable true
		refused oom-kill-disable "cgroup v2"
	fi
	box --oom-kill-disable true
	code_is 125
}
