// SPDX-License-Identifier: Apache-2.0
// oci.c - tare oci
//
// The runtime is a program of its own, so that an engine's create and start load no more than they
// need; this is another way to call it. It lies beside our own executable, and nowhere else.
#include "cmd/command.h"

#include "base/fail.h"
#include "base/own_program.h"

#include <unistd.h>

static const struct opt_example examples[] = {
	{"tare oci run -b BUNDLE web", "run the program of the bundle in BUNDLE"},
	{"tare oci --help", "what else there is: see tare-oci(1)"},
	{NULL, NULL},
};

const struct opt_table oci_table = {
	.name = "oci",
	.purpose = "run OCI bundles: the same as tare-oci",
	.synopsis = (const char *const[]){"[OPTION…] COMMAND [ARG…]", NULL},
	.stops = true,
	.examples = examples,
};

int oci_main(struct command_call *call, int argc unused_, char **argv)
{
	static const char name[] = "tare-oci";
	char own[PATH_MAX];
	ssize_t n = own_program_path(own);
	if (n < 0)
		return fail_sys((int)n, "our own executable");
	const char *slash = strrchr(own, '/');
	const char *path =
		arena_printf(call->arena, "%.*s/%s", slash ? (int)(slash - own) : 0, own, name);
	argv[0] = (char *)name;
	execv(path, argv);
	int error = -errno;
	fail_sys(error, "run '%s'", path);
	fail_hint("it is installed beside tare");
	return error;
}
