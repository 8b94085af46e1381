// SPDX-License-Identifier: Apache-2.0
// delete.c - tare-oci delete
//
// With --regex the ids that match are found first, each is then deleted as if it had been named.
// One that may not be deleted does not keep the others from it.
#include "runtime/life.h"

#include "base/fail.h"
#include "runtime/hooks.h"
#include "runtime/log.h"

#include <regex.h>
#include <stdlib.h>

struct delete_opts {
	bool force; // -f
	bool regex; // -r
};

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct delete_opts, struct oci_strings, field), letter, name, value, help \
	}

static const struct opt options[] = {
	ROW(force, 'f', "force", NULL,
	    "kill it first where it runs; one that is not there is fine"),
	ROW(regex, 'r', "regex", NULL,
	    "ID is an extended regular expression: all whose id it matches, anywhere in it"),
};

static const struct opt_example examples[] = {
	{"tare-oci delete web", "remove what is left of a container that has ended"},
	{"tare-oci delete -f web", "end it and remove it, however it is"},
	{"tare-oci delete --regex '^build-'", "all that are called build-…"},
	{NULL, NULL},
};

const struct opt_table runtime_delete_table = {
	.program = "tare-oci",
	.name = "delete",
	.purpose = "remove a container that has ended, or was never started",
	.synopsis = (const char *const[]){"[OPTION…] ID|PATTERN", NULL},
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

int abandon_container(struct runtime_call *call, struct container *container, int result)
{
	struct fault kept = *fault_last();
	if (container->path)
		delete_container(call, container);
	container->path = NULL;
	fault_restore(&kept);
	return result;
}

static int delete_one(struct runtime_call *call, const char *id, bool force)
{
	_cleanup_container_ struct container container = CONTAINER_NONE;
	int result = force ? container_open(call, id, CONTAINER_LOCK, &container)
			   : container_need(call, id, CONTAINER_LOCK, &container);
	TRY(result);
	if (result == CONTAINER_MISSING)
		return 0;
	if (!force && !container.oci_version) {
		fail(-ENOENT, "container '%s' does not exist", id);
		fail_hint("something of it is left: delete --force removes that");
		return -ENOENT;
	}
	if (!force && !may_delete(&container)) {
		fail(-EBUSY, "container '%s' is %s", container.id,
		     container_status_text(container.status));
		fail_hint("tare-oci kill ends it; delete --force does both");
		return -EBUSY;
	}
	return delete_container(call, &container);
}

static int delete_matching(struct runtime_call *call, const char *pattern, bool force)
{
	char why[128];
	regex_t regex;
	struct oci_strings ids;
	TRY(container_ids(call, &ids));
	int wrong = regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB);
	if (wrong) {
		regerror(wrong, &regex, why, sizeof(why));
		return fail(-EINVAL, "--regex '%s': %s", pattern, why);
	}
	for (size_t i = 0; i < ids.n; i++) {
		if (regexec(&regex, ids.item[i], 0, NULL, 0) ||
		    delete_one(call, ids.item[i], force) >= 0)
			continue;
		log_fault(call);
		call->status = EXIT_FAILURE;
	}
	regfree(&regex);
	return 0;
}

int runtime_delete_main(struct runtime_call *call, int argc, char **argv)
{
	struct delete_opts opts = {0};
	struct opt_list rest = {0};
	int result = runtime_read(call, &runtime_delete_table, argc, argv, &opts, 1, 1, &rest);
	if (result)
		return result;
	return opts.regex ? delete_matching(call, rest.item[0], opts.force)
			  : delete_one(call, rest.item[0], opts.force);
}
