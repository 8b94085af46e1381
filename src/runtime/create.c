// SPDX-License-Identifier: Apache-2.0
// create.c - tare-oci create
#include "runtime/make.h"

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct make_want, struct oci_strings, field), letter, name, value, help   \
	}

static const struct opt options[] = {
	ROW(bundle, 'b', "bundle", "DIR", "where config.json is, if not in the working directory"),
	ROW(pid_file, 0, "pid-file", "FILE", "write the number of its first process into FILE"),
	ROW(console, 0, "console-socket", "SOCKET", "send its terminal to whoever listens there"),
	ROW(preserve_fds, 0, "preserve-fds", "N", "pass N descriptors on, from 3"),
	OPT_NONE(0, "no-new-keyring",
		 "a container with the caller's session keyring could read it"),
	OPT_NONE(0, "no-pivot", "a root that was only changed to can be left again"),
};

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
	struct make_want want = {0};
	struct opt_list rest = {0};
	struct made made;
	int result = runtime_read(call, &runtime_create_table, argc, argv, &want, 1, 1, &rest);
	if (result)
		return result;
	return make_container(call, rest.item[0], &want, &made);
}
