// SPDX-License-Identifier: Apache-2.0
// run.c - tare run
#include "cmd/command.h"

#include "base/fail.h"
#include "base/msg.h"
#include "engine/run/run.h"

enum { OUTPUT_MAX = 1 << 20 }; // of --explain and --script

int run_main(struct command_call *call, int argc, char **argv)
{
	struct run_opts opts = {.sig_proxy = true};
	struct opt_list rest = {0};
	int result = command_opts(call, &run_table, argc, argv, &opts, &rest);
	if (result)
		return result;
	if (!opts.rootfs)
		TRY(opt_count(call->arena, &run_table, &rest, 1, SIZE_MAX));
	size_t images = opts.rootfs ? 0 : 1;
	opts.image = images ? rest.item[0] : NULL;
	opts.args = (struct oci_strings){rest.item + images, rest.n - images};
	struct roots roots;
	struct buf out = buf_new(call->arena, OUTPUT_MAX);
	TRY(roots_name(call->arena, call->opts.root, call->opts.runroot, &roots));
	TRY(engine_run(call->arena, &opts, &roots, &out, &call->status));
	return msg_print(&out);
}
