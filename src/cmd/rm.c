// SPDX-License-Identifier: Apache-2.0
// rm.c - tare rm
#include "cmd/command.h"

#include "base/fail.h"
#include "base/msg.h"
#include "engine/containers.h"

struct rm_opts {
	bool force; // -f
};

static const struct opt options[] = {
	{OPT_INTO(struct rm_opts, struct opt_list, force), 'f', "force", NULL,
	 "kill those that run first"},
};

static const struct opt_example examples[] = {
	{"tare rm box", "remove the container called box"},
	{"tare rm $(tare ps -aq)", "remove all that have ended"},
	{NULL, NULL},
};

const struct opt_table rm_table = {
	.name = "rm",
	.purpose = "remove containers that have ended",
	.synopsis = (const char *const[]){"[OPTION…] CONTAINER…", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.examples = examples,
};

// Each is tried; the status says whether one failed. Docker prints the names it was given.
int rm_main(struct command_call *call, int argc, char **argv)
{
	struct rm_opts opts = {0};
	struct opt_list rest = {0};
	struct roots roots;
	struct buf out = buf_new(call->arena, 1 << 20);
	int result = command_opts(call, &rm_table, argc, argv, &opts, &rest);
	if (result)
		return result;
	TRY(command_arguments(call, &rm_table, &rest, 1, SIZE_MAX));
	TRY(command_roots(call, &roots));
	for (size_t i = 0; i < rest.n; i++) {
		const char *id;
		if (container_remove(call->arena, &roots, rest.item[i], opts.force, &id) < 0) {
			msg_fault(fault_last());
			call->status = 1;
			continue;
		}
		buf_printf(&out, "%s\n", rest.item[i]);
	}
	return command_print(&out);
}
