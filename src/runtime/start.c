// SPDX-License-Identifier: Apache-2.0
// start.c - tare-oci start
#include "runtime/life.h"

#include "base/fail.h"
#include "box/steps/door.h"
#include "runtime/hooks.h"

struct start_opts {
	bool none; // there are no options
};

static const struct opt_example examples[] = {
	{"tare-oci start web", "run the program of the container that was made as web"},
	{NULL, NULL},
};

const struct opt_table runtime_start_table = {
	.program = "tare-oci",
	.name = "start",
	.purpose = "run the program of a container that was created",
	.synopsis = (const char *const[]){"ID", NULL},
	.examples = examples,
};

// One that fails ends the container, and what was made for it is undone (runtime.md, "Lifecycle").
static int after_start(struct runtime_call *call, struct container *container)
{
	struct hook_set hooks;
	int result = hooks_read(call->arena, container, &hooks);
	if (result >= 0)
		result = hooks_run(call, &hooks, OCI_HOOK_POSTSTART, container_pid(container));
	return result < 0 ? abandon_container(call, container, result) : 0;
}

int start_container(struct runtime_call *call, struct container *container)
{
	int result = container->status == CONTAINER_CREATED
			     ? door_start(call->arena, container->directory)
			     : DOOR_SHUT;
	if (result == 0)
		return after_start(call, container);
	if (result != DOOR_SHUT)
		return result;
	return fail(-EINVAL,
		    "container '%s': it is %s, and only one that was created can be "
		    "started",
		    container->id, container_status_text(container->status));
}

int runtime_start_main(struct runtime_call *call, int argc, char **argv)
{
	struct start_opts opts = {0};
	struct opt_list rest = {0};
	_cleanup_container_ struct container container = CONTAINER_NONE;
	int result = runtime_read(call, &runtime_start_table, argc, argv, &opts, 1, 1, &rest);
	if (result)
		return result;
	TRY(container_need(call, rest.item[0], CONTAINER_LOCK, &container));
	return start_container(call, &container);
}
