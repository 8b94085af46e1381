// SPDX-License-Identifier: Apache-2.0
// run.c - tare run
#include "cmd/command.h"

#include "base/fail.h"
#include "engine/run_opts.h"

int run_main(struct command_call *call, int argc, char **argv)
{
	struct run_opts opts = {0};
	struct opt_list rest = {0};
	int result = command_opts(call, &run_table, argc, argv, &opts, &rest);
	if (result)
		return result;
	if (!opts.rootfs)
		TRY(command_arguments(call, &run_table, &rest, 1, SIZE_MAX));
	size_t images = opts.rootfs ? 0 : 1;
	opts.image = images ? rest.item[0] : NULL;
	opts.args = (struct oci_strings){rest.item + images, rest.n - images};
	return fail(-EOPNOTSUPP, "run: not yet");
}
