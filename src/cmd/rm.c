// SPDX-License-Identifier: Apache-2.0
// rm.c - tare rm
#include "cmd/command.h"

#include "base/fail.h"
#include "base/msg.h"
#include "engine/containers/containers.h"
#include "engine/containers/pick.h"

struct rm_opts {
	bool all;                   // -a
	bool force;                 // -f
	bool ignore;                // -i
	bool latest;                // --latest
	struct oci_strings cidfile; // --cidfile
};

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct rm_opts, struct oci_strings, field), letter, name, value, help     \
	}

static const struct opt options[] = {
	ROW(force, 'f', "force", NULL, "kill those that run first; what is not there is no error"),
	ROW(all, 'a', "all", NULL, "all of them"),
	ROW(latest, 0, "latest", NULL, "the one that was made last"),
	ROW(ignore, 'i', "ignore", NULL, "pass over what is not there"),
	ROW(cidfile, 0, "cidfile", "FILE", "the one whose id is in the file"),
};

static const struct opt_example examples[] = {
	{"tare rm box", "remove the container called box"},
	{"tare rm $(tare ps -aq)", "remove all that have ended"},
	{"tare rm -fa", "kill and remove all there are"},
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
static int remove_all(struct command_call *call, const struct roots *roots, struct pick *pick,
		      bool force)
{
	struct buf out = buf_new(call->arena, 1 << 20);
	struct picked picked;
	for (int result; (result = pick_next(call->arena, pick, &picked)) != PICK_END;) {
		if (result == 0 && picked.record)
			result = container_remove(call->arena, roots, picked.record, picked.given,
						  force);
		if (result < 0) {
			msg_fault(fault_last());
			call->status = 1;
		} else if (picked.record) {
			buf_printf(&out, "%s\n", picked.given);
		}
	}
	return msg_print(&out);
}

int rm_main(struct command_call *call, int argc, char **argv)
{
	struct rm_opts opts = {0};
	struct opt_list rest = {0};
	struct roots roots;
	struct pick pick;
	int result = command_opts(call, &rm_table, argc, argv, &opts, &rest);
	if (result)
		return result;
	if (!opts.all && !opts.latest && !opts.cidfile.n)
		TRY(opt_count(call->arena, &rm_table, &rest, 1, SIZE_MAX));
	TRY(command_roots(call, &roots));
	struct pick_want want = {
		.names = {rest.item, rest.n},
		.cidfiles = opts.cidfile,
		.all = opts.all,
		.latest = opts.latest,
		.ignore = opts.ignore || opts.force,
	};
	TRY(pick_begin(call->arena, &roots, &want, &pick));
	return remove_all(call, &roots, &pick, opts.force);
}
