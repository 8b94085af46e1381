// SPDX-License-Identifier: Apache-2.0
// delete.c - tare-oci delete
#include "runtime/life.h"

#include "base/fail.h"
#include "runtime/hooks.h"

struct delete_opts {
	bool force; // -f
};

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct delete_opts, struct oci_strings, field), letter, name, value, help \
	}

static const struct opt options[] = {
	ROW(force, 'f', "force", NULL,
	    "kill it first where it runs; one that is not there is fine"),
	OPT_NONE('r', "regex", "an id that is misspelt would be a pattern that others match"),
};

static const struct opt_example examples[] = {
	{"tare-oci delete web", "remove what is left of a container that has ended"},
	{"tare-oci delete -f web", "end it and remove it, however it is"},
	{NULL, NULL},
};

const struct opt_table runtime_delete_table = {
	.program = "tare-oci",
	.name = "delete",
	.purpose = "remove a container that has ended, or was never started",
	.synopsis = (const char *const[]){"[OPTION…] ID", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.examples = examples,
};

// The specification would have one that was created stopped first; engines delete it as it is.
static bool may_delete(const struct container *container)
{
	return container->status == CONTAINER_STOPPED || container->status == CONTAINER_CREATED;
}

int delete_container(struct runtime_call *call, struct container *container)
{
	struct hook_set hooks;
	TRY(hooks_read(call->arena, container, &hooks));
	TRY(container_remove(call->arena, container));
	return hooks_run(call, &hooks, OCI_HOOK_POSTSTOP, 0);
}

int runtime_delete_main(struct runtime_call *call, int argc, char **argv)
{
	struct delete_opts opts = {0};
	struct opt_list rest = {0};
	_cleanup_container_ struct container container = CONTAINER_NONE;
	int result = runtime_read(call, &runtime_delete_table, argc, argv, &opts, 1, 1, &rest);
	if (result)
		return result;
	result = opts.force ? container_open(call, rest.item[0], CONTAINER_LOCK, &container)
			    : container_need(call, rest.item[0], CONTAINER_LOCK, &container);
	TRY(result);
	if (result == CONTAINER_MISSING)
		return 0;
	if (!opts.force && !may_delete(&container)) {
		fail(-EBUSY, "container '%s' is %s", container.id,
		     container_status_text(container.status));
		fail_hint("tare-oci kill ends it; delete --force does both");
		return -EBUSY;
	}
	return delete_container(call, &container);
}
