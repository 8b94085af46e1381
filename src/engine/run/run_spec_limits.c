// SPDX-License-Identifier: Apache-2.0
// run_spec_limits.c - the section on limits, and where the cgroups lie
#include "engine/run/run_build.h"

#include "base/fail.h"
#include "box/plan.h"
#include "engine/limits/cgroup_conf.h"
#include "engine/limits/limits.h"
#include "kern/cgroup/cgroup.h"

enum { SHORT_ID = 12 };

// v1 does not know whose write it is when it leaves the page cache.
static void tell_of_writes(struct build *build)
{
	const struct oci_resources *resources = &build->spec->oci.linux_.resources;
	bool writes = resources->throttle[OCI_THROTTLE_WRITE_BPS].n ||
		      resources->throttle[OCI_THROTTLE_WRITE_IOPS].n;
	if (writes && build->facts->controller[CONTROLLER_BLKIO].kind == CGROUP_V1)
		build_notice(build, "--device-write-…: on cgroup v1 the rate holds what is written "
				    "directly (O_DIRECT), not what goes through the page cache");
}

static int parent(struct build *build)
{
	const char *path;
	if (!build->opts->cgroup_parent || !*build->opts->cgroup_parent)
		return 0;
	TRY(cgroup_parent_parse(build->arena, build->opts->cgroup_parent, &path));
	if (!build->choices.cgroups)
		return fail(-EINVAL, "--cgroup-parent needs a cgroup, and --cgroups is disabled");
	build->spec->oci.linux_.cgroups_path = arena_printf(
		build->arena, "/%s/" CGROUP_PREFIX "%.*s", path, SHORT_ID, build->place->id);
	return 0;
}

int build_limits(struct build *build)
{
	TRY(limits_parse(build->arena, build->opts, build->facts, build->place,
			 &build->spec->oci.linux_.resources));
	tell_of_writes(build);
	return parent(build);
}
