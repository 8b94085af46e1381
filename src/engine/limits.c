// SPDX-License-Identifier: Apache-2.0
// limits.c - the flags that limit what a container uses
//
// The flags of memory, processors and block devices have files of their own; here they are put
// together, and refused where nothing would enforce them. Of a flag that names the kernel's own
// controller the rest is checked when the plan is made, which knows where the controller lives.
#include "engine/limits.h"

#include "base/fail.h"
#include "engine/limits_parts.h"

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

// The first flag by which something is limited; NULL: nothing is.
static const char *first_limit(const struct oci_resources *resources)
{
	const struct {
		bool given;
		const char *flag;
	} limits[] = {
		{resources->memory_limit > 0, "--memory"},
		{resources->memory_reservation != INT64_MIN, "--memory-reservation"},
		{resources->memory_swappiness != INT64_MIN, "--memory-swappiness"},
		{resources->cpu_quota != INT64_MIN, "--cpus"},
		{resources->cpu_period != UINT64_MAX, "--cpu-period"},
		{resources->cpu_shares != UINT64_MAX, "--cpu-shares"},
		{resources->cpu_rt_period != UINT64_MAX, "--cpu-rt-period"},
		{resources->cpu_rt_runtime != INT64_MIN, "--cpu-rt-runtime"},
		{resources->cpuset_cpus, "--cpuset-cpus"},
		{resources->cpuset_mems, "--cpuset-mems"},
		{resources->pids_limit != INT64_MIN, "--pids-limit"},
	};
	for (size_t i = 0; i < lengthof(limits); i++)
		if (limits[i].given)
			return limits[i].flag;
	return NULL;
}

// Refuses a limit that nothing would enforce.
static int need_cgroup(const char *flag, const struct run_opts *opts, const struct facts *facts)
{
	if (opts->cgroups && str_eq(opts->cgroups, "disabled"))
		return fail(-EINVAL, "%s needs a cgroup, and --cgroups is disabled", flag);
	if (facts->uid) {
		fail(-EPERM,
		     "%s: not yet for ordinary users, their containers stay in the caller's cgroup",
		     flag);
		fail_hint("run it as root, or without the limit");
		return -EPERM;
	}
	return 0;
}

bool limits_are_rare(const struct run_opts *opts)
{
	return opts->cpuset_cpus || opts->cpuset_mems || opts->cpu_rt_period ||
	       opts->cpu_rt_runtime;
}

int limits_parse(const struct run_opts *opts, const struct facts *facts, unsigned processors,
		 struct oci_resources *ret_resources)
{
	struct oci_resources resources = *ret_resources;
	int64_t processes = 0;
	TRY(limits_memory(opts, facts, &resources));
	TRY(limits_cpu(opts, facts, processors, &resources));
	if (opts->pids_limit)
		TRY(pids(opts->pids_limit, &processes));
	if (processes)
		resources.pids_limit = processes;
	const char *flag = first_limit(&resources);
	if (flag && opts->cpu_quota && str_eq(flag, "--cpus"))
		flag = "--cpu-quota";
	if (flag)
		TRY(need_cgroup(flag, opts, facts));
	*ret_resources = resources;
	return 0;
}
