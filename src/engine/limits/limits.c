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
		{resources->io_weight != INT64_MIN, "--blkio-weight"},
		{resources->io_weights_n, "--blkio-weight-device"},
		{resources->throttle[OCI_THROTTLE_READ_BPS].n, "--device-read-bps"},
		{resources->throttle[OCI_THROTTLE_WRITE_BPS].n, "--device-write-bps"},
		{resources->throttle[OCI_THROTTLE_READ_IOPS].n, "--device-read-iops"},
		{resources->throttle[OCI_THROTTLE_WRITE_IOPS].n, "--device-write-iops"},
		{resources->unified_n, "--cgroup-conf"},
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
	if (!facts->uid || facts->delegated || opts->cgroup_parent)
		return 0;
	fail(-EPERM, "%s: this user has no cgroup of its own to put a limit on", flag);
	if (facts->cgroup2 && facts->controller[CONTROLLER_MEMORY].kind == CGROUP_V2)
		fail_hint("with systemd and its user bus (dbus-user-session), log in, not by su "
			  "or sudo; or as root: loginctl "
			  "enable-linger %s",
			  facts->user ? facts->user : "USER");
	else
		fail_hint(
			"on cgroup v1 root hands one over, for each controller: mkdir "
			"/sys/fs/cgroup/memory/NAME; chown -R %s /sys/fs/cgroup/memory/NAME; then "
			"--cgroup-parent NAME",
			facts->user ? facts->user : "USER");
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
	const char *flag = first_limit(&resources);
	if (flag && opts->cpu_quota && str_eq(flag, "--cpus"))
		flag = "--cpu-quota";
	if (flag)
		TRY(need_cgroup(flag, opts, facts));
	*ret_resources = resources;
	return 0;
}
