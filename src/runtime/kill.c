// SPDX-License-Identifier: Apache-2.0
// kill.c - tare-oci kill
#include "runtime/members.h"

#include "base/fail.h"
#include "kern/process/signals.h"

#include <signal.h>

struct kill_opts {
	bool all; // -a
};

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct kill_opts, struct oci_strings, field), letter, name, value, help   \
	}

static const struct opt options[] = {
	ROW(all, 'a', "all", NULL, "all of its processes, though the first may have ended"),
	OPT_NONE('r', "regex", "an id that is misspelt would be a pattern that others match"),
};

static const struct opt_example examples[] = {
	{"tare-oci kill web", "ask its first process to end, by TERM"},
	{"tare-oci kill web 9", "end it; without a pid namespace of its own, all of its processes"},
	{NULL, NULL},
};

const struct opt_table runtime_kill_table = {
	.program = "tare-oci",
	.name = "kill",
	.purpose = "send a container's first process a signal",
	.synopsis = (const char *const[]){"[OPTION…] ID [SIGNAL]", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.examples = examples,
};

// The kernel ends a pid namespace with its first process. Where a container has none of its own the
// others would be left behind, out of reach.
static bool ends_all(const struct container *container, int number)
{
	bool known = container->freezer || container->cgroups.n;
	return number == SIGKILL && known && !container->pid_namespace &&
	       container->status != CONTAINER_CREATED;
}

int runtime_kill_main(struct runtime_call *call, int argc, char **argv)
{
	struct kill_opts opts = {0};
	struct opt_list rest = {0};
	_cleanup_container_ struct container container = CONTAINER_NONE;
	int result = runtime_read(call, &runtime_kill_table, argc, argv, &opts, 1, 2, &rest);
	if (result)
		return result;
	bool none = rest.n > 1 && str_eq(rest.item[1], "0"); // asks whether it runs
	int number = rest.n > 1 ? signal_number(str_of(rest.item[1])) : SIGTERM;
	if (!number && !none)
		return fail(-EINVAL, "signal '%s': there is no such signal", rest.item[1]);
	TRY(container_need(call, rest.item[0], CONTAINER_LOOK, &container));
	return opts.all || ends_all(&container, number)
		       ? members_signal(call->arena, &container, number)
		       : container_signal(&container, number);
}
