// SPDX-License-Identifier: Apache-2.0
// pause.c - tare-oci pause and resume
#include "base/fail.h"
#include "kern/cgroup/freeze.h"
#include "runtime/container.h"

struct pause_opts {
	bool none; // there are no options
};

static const struct opt_example pause_examples[] = {
	{"tare-oci pause web", "stop all processes of the container where they stand"},
	{NULL, NULL},
};

static const struct opt_example resume_examples[] = {
	{"tare-oci resume web", "let them go on"},
	{NULL, NULL},
};

const struct opt_table runtime_pause_table = {
	.program = "tare-oci",
	.name = "pause",
	.purpose = "stop all processes of a container where they stand",
	.synopsis = (const char *const[]){"ID", NULL},
	.examples = pause_examples,
};

const struct opt_table runtime_resume_table = {
	.program = "tare-oci",
	.name = "resume",
	.purpose = "let the processes of a paused container go on",
	.synopsis = (const char *const[]){"ID", NULL},
	.examples = resume_examples,
};

static int check_status(const struct container *container, bool pause)
{
	bool runs =
		container->status == CONTAINER_RUNNING || container->status == CONTAINER_CREATED;
	if (pause ? runs : container->status == CONTAINER_PAUSED)
		return 0;
	return fail(-EINVAL, "container '%s': it is %s, and only one that %s can be %s",
		    container->id, container_status_text(container->status),
		    pause ? "runs or was created" : "is paused", pause ? "paused" : "resumed");
}

static int set(struct runtime_call *call, const struct opt_table *table, int argc, char **argv,
	       bool pause)
{
	struct pause_opts opts = {0};
	struct opt_list rest = {0};
	_cleanup_container_ struct container container = CONTAINER_NONE;
	int result = runtime_read(call, table, argc, argv, &opts, 1, 1, &rest);
	if (result)
		return result;
	TRY(container_need(call, rest.item[0], CONTAINER_LOCK, &container));
	TRY(check_status(&container, pause));
	if (container.freezer)
		return cgroup_freeze(container.freezer, pause);
	fail(-EOPNOTSUPP, "container '%s': it has no cgroup that could be frozen", container.id);
	fail_hint("as root it has one, where the host has cgroup v2 or v1's freezer");
	return -EOPNOTSUPP;
}

int runtime_pause_main(struct runtime_call *call, int argc, char **argv)
{
	return set(call, &runtime_pause_table, argc, argv, true);
}

int runtime_resume_main(struct runtime_call *call, int argc, char **argv)
{
	return set(call, &runtime_resume_table, argc, argv, false);
}
