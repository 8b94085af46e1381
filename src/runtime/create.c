// SPDX-License-Identifier: Apache-2.0
// create.c - tare-oci create
#include "runtime/make.h"

struct create_opts {
	struct make_want make;
};

static const struct opt options[] = {MAKE_ROWS(struct create_opts)};

static const struct opt_example examples[] = {
	{"tare-oci create -b BUNDLE web", "make a container of the bundle in BUNDLE"},
	{NULL, NULL},
};

const struct opt_table runtime_create_table = {
	.program = "tare-oci",
	.name = "create",
	.purpose = "make a container of a bundle; its program waits for start",
	.synopsis = (const char *const[]){"[OPTION…] ID", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.examples = examples,
};

int runtime_create_main(struct runtime_call *call, int argc, char **argv)
{
	struct create_opts opts = {0};
	struct opt_list rest = {0};
	struct made made;
	int result = runtime_read(call, &runtime_create_table, argc, argv, &opts, 1, 1, &rest);
	if (result)
		return result;
	return make_container(call, rest.item[0], &opts.make, &made);
}
