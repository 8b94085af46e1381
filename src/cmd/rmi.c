// SPDX-License-Identifier: Apache-2.0
// rmi.c - tare rmi
#include "cmd/command.h"

#include "base/fail.h"
#include "base/msg.h"
#include "engine/images/images.h"

struct rmi_opts {
	bool force; // -f
};

static const struct opt options[] = {
	{OPT_INTO(struct rmi_opts, struct opt_list, force), 'f', "force", NULL,
	 "with all its names, and if a container that has ended uses it, at least the names"},
};

static const struct opt_example examples[] = {
	{"tare rmi debian:12", "take a name away; with the last one the image goes"},
	{"tare rmi $(tare images -q --filter dangling=true)", "remove what has no name"},
	{NULL, NULL},
};

const struct opt_table rmi_table = {
	.name = "rmi",
	.purpose = "remove images",
	.synopsis = (const char *const[]){"[OPTION…] IMAGE…", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.examples = examples,
};

// Each is tried; the status says whether one failed.
int rmi_main(struct command_call *call, int argc, char **argv)
{
	struct rmi_opts opts = {0};
	struct opt_list rest = {0};
	struct roots roots;
	struct buf out = buf_new(call->arena, 1 << 20);
	int result = command_opts(call, &rmi_table, argc, argv, &opts, &rest);
	if (result)
		return result;
	TRY(opt_count(call->arena, &rmi_table, &rest, 1, SIZE_MAX));
	TRY(command_roots(call, &roots));
	for (size_t i = 0; i < rest.n; i++) {
		struct oci_strings lines = {0};
		if (images_remove(call->arena, &roots, rest.item[i], opts.force, &lines) < 0) {
			msg_fault(fault_last());
			call->status = 1;
		}
		for (size_t j = 0; j < lines.n; j++)
			buf_printf(&out, "%s\n", lines.item[j]);
	}
	return msg_print(&out);
}
