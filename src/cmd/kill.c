// SPDX-License-Identifier: Apache-2.0
// kill.c - tare kill
#include "cmd/command.h"

#include "base/fail.h"
#include "base/msg.h"
#include "engine/containers/pick.h"
#include "engine/containers/stop.h"
#include "engine/process/traits.h"

#include <signal.h>

enum { DEATH_SECONDS = 10 };

struct kill_opts {
	bool all;                   // -a
	bool latest;                // -l
	const char *signal;         // -s
	struct oci_strings cidfile; // --cidfile
};

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct kill_opts, struct oci_strings, field), letter, name, value, help   \
	}

static const struct opt options[] = {
	ROW(signal, 's', "signal", "SIGNAL", "which: KILL unless another is named"),
	ROW(all, 'a', "all", NULL, "all that run"),
	ROW(latest, 'l', "latest", NULL, "the one that was made last"),
	ROW(cidfile, 0, "cidfile", "FILE", "the one whose id is in the file"),
};

static const struct opt_example examples[] = {
	{"tare kill web", "end it at once"},
	{"tare kill -s HUP web", "tell it to read its settings again"},
	{NULL, NULL},
};

const struct opt_table kill_table = {
	.name = "kill",
	.purpose = "send containers a signal",
	.synopsis = (const char *const[]){"[OPTION…] CONTAINER…", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.examples = examples,
};

// After SIGKILL the container is gone when the command ends; another signal only is sent.
static int kill_one(struct arena *arena, const struct picked *picked, int signal)
{
	const struct box_record *record = picked->record;
	struct stop stop;
	if (!record->running) {
		fail(-ESRCH, "container '%s' does not run", picked->given);
		return -ESRCH;
	}
	if (signal != SIGKILL) {
		int result = stop_signal(arena, record, picked->given, signal);
		return result != STOP_GONE
			       ? result
			       : fail(-ESRCH, "container '%s' has just ended", picked->given);
	}
	TRY(stop_begin(arena, record, picked->given, SIGKILL, DEATH_SECONDS, &stop));
	return stop_finish(arena, &stop);
}

int kill_main(struct command_call *call, int argc, char **argv)
{
	struct kill_opts opts = {0};
	struct opt_list rest = {0};
	struct roots roots;
	struct pick pick;
	struct picked picked;
	struct buf out = buf_new(call->arena, 1 << 20);
	int signal = SIGKILL;
	int result = command_opts(call, &kill_table, argc, argv, &opts, &rest);
	if (result)
		return result;
	if (opts.signal)
		TRY(signal_parse("--signal", opts.signal, &signal));
	if (!opts.all && !opts.latest && !opts.cidfile.n)
		TRY(opt_count(call->arena, &kill_table, &rest, 1, SIZE_MAX));
	TRY(command_roots(call, &roots));
	struct pick_want want = {
		.names = {rest.item, rest.n},
		.cidfiles = opts.cidfile,
		.all = opts.all,
		.running = true,
		.latest = opts.latest,
	};
	TRY(pick_begin(call->arena, &roots, &want, &pick));
	while ((result = pick_next(call->arena, &pick, &picked)) != PICK_END) {
		if (result == 0)
			result = kill_one(call->arena, &picked, signal);
		if (result < 0) {
			msg_fault(fault_last());
			call->status = 1;
			continue;
		}
		buf_printf(&out, "%s\n", picked.given);
	}
	return msg_print(&out);
}
