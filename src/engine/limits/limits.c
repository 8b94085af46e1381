// SPDX-License-Identifier: Apache-2.0
// limits.c - the flags that limit what a container uses
//
// The flags of memory, processors and block devices have files of their own; here they are put
// together, and refused where nothing would enforce them. Of a flag that names the kernel's own
// controller the rest is checked when the plan is made, which knows where the controller lives.
#include "engine/limits/limits.h"

#include "base/fail.h"
#include "engine/limits/blkio.h"
#include "engine/limits/cgroup_conf.h"
#include "engine/limits/limits_parts.h"
#include "kern/cgroup/hint.h"

// *ret_limit is 0 for no limit.
static int pids(const char *text, int64_t *ret_limit)
{
	uint64_t limit = 0;
	if (!str_eq(text, "-1") && str_number(str_of(text), INT64_MAX, &limit)) {
		fail(-EINVAL, "--pids-limit '%s': not a number of processes", text);
		fail_hint("a whole number is expected; 0 or -1 for no limit");
		return -EINVAL;
	}
	*ret_limit = (int64_t)limit;
	return 0;
}

struct limit {
	const char *flag;
	unsigned controllers; // bits of enum controller
};

// The first by which something is limited, and the controllers of all; its flag is NULL where
// nothing is.
static struct limit first_limit(const struct oci_resources *resources)
{
	enum {
		MEMORY = 1 << CONTROLLER_MEMORY,
		CPU = 1 << CONTROLLER_CPU,
		CPUSET = 1 << CONTROLLER_CPUSET,
		PIDS = 1 << CONTROLLER_PIDS,
		BLKIO = 1 << CONTROLLER_BLKIO,
	};
	const struct {
		bool given;
		struct limit limit;
	} limits[] = {
		{resources->memory_limit > 0, {"--memory", MEMORY}},
		{resources->memory_reservation != INT64_MIN, {"--memory-reservation", MEMORY}},
		{resources->memory_swappiness != INT64_MIN, {"--memory-swappiness", MEMORY}},
		{resources->cpu_quota != INT64_MIN, {"--cpus", CPU}},
		{resources->cpu_period != UINT64_MAX, {"--cpu-period", CPU}},
		{resources->cpu_shares != UINT64_MAX, {"--cpu-shares", CPU}},
		{resources->cpu_rt_period != UINT64_MAX, {"--cpu-rt-period", CPU}},
		{resources->cpu_rt_runtime != INT64_MIN, {"--cpu-rt-runtime", CPU}},
		{resources->cpuset_cpus, {"--cpuset-cpus", CPUSET}},
		{resources->cpuset_mems, {"--cpuset-mems", CPUSET}},
		{resources->pids_limit != INT64_MIN, {"--pids-limit", PIDS}},
		{resources->io_weight != INT64_MIN, {"--blkio-weight", BLKIO}},
		{resources->io_weights_n, {"--blkio-weight-device", BLKIO}},
		{resources->throttle[OCI_THROTTLE_READ_BPS].n, {"--device-read-bps", BLKIO}},
		{resources->throttle[OCI_THROTTLE_WRITE_BPS].n, {"--device-write-bps", BLKIO}},
		{resources->throttle[OCI_THROTTLE_READ_IOPS].n, {"--device-read-iops", BLKIO}},
		{resources->throttle[OCI_THROTTLE_WRITE_IOPS].n, {"--device-write-iops", BLKIO}},
		{resources->unified_n, {"--cgroup-conf", 0}},
	};
	struct limit first = {0};
	for (size_t i = 0; i < lengthof(limits); i++) {
		if (!limits[i].given)
			continue;
		if (!first.flag)
			first.flag = limits[i].limit.flag;
		first.controllers |= limits[i].limit.controllers;
	}
	return first;
}

// Refuses a limit that nothing would enforce.
static int need_cgroup(const struct limit *limit, const struct run_opts *opts,
		       const struct facts *facts)
{
	if (opts->cgroups && str_eq(opts->cgroups, "disabled"))
		return fail(-EINVAL, "%s needs a cgroup, and --cgroups is disabled", limit->flag);
	if (!facts->uid || facts->delegated || opts->cgroup_parent)
		return 0;
	fail(-EPERM, "%s: this user has no cgroup of its own to put a limit on", limit->flag);
	cgroup_hint_none(facts, limit->controllers);
	return -EPERM;
}

unsigned limits_want(const struct run_opts *opts)
{
	bool rare = opts->cpuset_cpus || opts->cpuset_mems || opts->cpu_rt_period ||
		    opts->cpu_rt_runtime || opts->blkio_weight || opts->blkio_weight_device.n ||
		    opts->cgroup_conf.n;
	bool any = rare || opts->memory || opts->memory_reservation || opts->memory_swappiness ||
		   opts->oom_kill_disable || opts->cpus || opts->cpu_shares || opts->cpu_period ||
		   opts->cpu_quota || opts->pids_limit || opts->device_read_bps.n ||
		   opts->device_write_bps.n || opts->device_read_iops.n ||
		   opts->device_write_iops.n || opts->cgroup_parent || opts->cgroups;
	return (rare ? FACTS_LIMITS : 0u) | (any ? FACTS_DELEGATED : 0u);
}

int limits_parse(struct arena *arena, const struct run_opts *opts, const struct facts *facts,
		 const struct engine_place *place, struct oci_resources *ret_resources)
{
	struct oci_resources resources = *ret_resources;
	int64_t processes = 0;
	TRY(limits_memory(opts, facts, &resources));
	TRY(limits_cpu(opts, facts, place->processors, &resources));
	if (opts->pids_limit)
		TRY(pids(opts->pids_limit, &processes));
	if (processes)
		resources.pids_limit = processes;
	TRY(blkio_parse(arena, opts, place, &resources));
	TRY(cgroup_conf_parse(arena, &opts->cgroup_conf, &resources));
	struct limit limit = first_limit(&resources);
	if (limit.flag && opts->cpu_quota && str_eq(limit.flag, "--cpus"))
		limit.flag = "--cpu-quota";
	if (limit.flag)
		TRY(need_cgroup(&limit, opts, facts));
	*ret_resources = resources;
	return 0;
}
