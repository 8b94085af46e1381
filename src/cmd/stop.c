// SPDX-License-Identifier: Apache-2.0
// stop.c - tare stop
//
// All are signalled before any is waited for, and then waited for in the order in which their time
// runs out: together they take as long as the slowest.
#include "cmd/command.h"

#include "base/fail.h"
#include "base/msg.h"
#include "engine/containers/pick.h"
#include "engine/containers/stop.h"
#include "engine/process/traits.h"

#include <stdlib.h>

struct stop_opts {
	bool all;                   // -a
	bool ignore;                // -i
	bool latest;                // -l
	const char *signal;         // -s
	const char *timeout;        // -t
	struct oci_strings cidfile; // --cidfile
};

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct stop_opts, struct oci_strings, field), letter, name, value, help   \
	}

static const struct opt options[] = {
	ROW(signal, 's', "signal", "SIGNAL",
	    "what it is sent; without it --stop-signal of its run"),
	ROW(timeout, 't', "timeout", "SECONDS",
	    "how long to wait before it is killed; -1: for ever; 10 unless its run said another"),
	ROW(timeout, 0, "time", "SECONDS", NULL),
	ROW(all, 'a', "all", NULL, "all that run"),
	ROW(latest, 'l', "latest", NULL, "the one that was made last"),
	ROW(ignore, 'i', "ignore", NULL, "pass over what is not there"),
	ROW(cidfile, 0, "cidfile", "FILE", "the one whose id is in the file"),
};

static const struct opt_example examples[] = {
	{"tare stop web", "ask it to end; kill it after ten seconds"},
	{"tare stop -t 60 $(tare ps -q)", "give each that runs a minute"},
	{NULL, NULL},
};

const struct opt_table stop_table = {
	.name = "stop",
	.purpose = "end containers: ask, wait, kill",
	.synopsis = (const char *const[]){"[OPTION…] CONTAINER…", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.examples = examples,
};

static int nearest_deadline(const void *a, const void *b)
{
	const struct stop *left = a, *right = b;
	return (left->deadline > right->deadline) - (left->deadline < right->deadline);
}

static int begin_all(struct command_call *call, struct pick *pick, int signal, int64_t seconds,
		     struct stop *stops, size_t *ret_n)
{
	struct picked picked;
	for (int result; (result = pick_next(call->arena, pick, &picked)) != PICK_END;) {
		struct stop *stop = &stops[*ret_n];
		if (result == 0 && picked.record)
			result = stop_begin(call->arena, picked.record, picked.given, signal,
					    seconds, stop);
		if (result < 0) {
			msg_fault(fault_last());
			call->status = 1;
			continue;
		}
		*ret_n += !!picked.record;
	}
	return 0;
}

static int finish_all(struct command_call *call, struct stop *stops, size_t n)
{
	struct buf out = buf_new(call->arena, 1 << 20);
	if (n)
		qsort(stops, n, sizeof(*stops), nearest_deadline);
	for (size_t i = 0; i < n; i++) {
		if (stop_finish(call->arena, &stops[i]) < 0) {
			msg_fault(fault_last());
			call->status = 1;
			continue;
		}
		if (stops[i].note)
			msg_say("%s", stops[i].note);
		buf_printf(&out, "%s\n", stops[i].given);
	}
	return msg_print(&out);
}

int stop_main(struct command_call *call, int argc, char **argv)
{
	struct stop_opts opts = {0};
	struct opt_list rest = {0};
	struct roots roots;
	struct pick pick;
	int64_t seconds = STOP_OWN_TIME;
	int signal = 0;
	int result = command_opts(call, &stop_table, argc, argv, &opts, &rest);
	if (result)
		return result;
	if (opts.signal)
		TRY(signal_parse("--signal", opts.signal, &signal));
	if (opts.timeout)
		TRY(seconds_parse("--timeout", opts.timeout, &seconds));
	if (!opts.all && !opts.latest && !opts.cidfile.n)
		TRY(opt_count(call->arena, &stop_table, &rest, 1, SIZE_MAX));
	TRY(command_roots(call, &roots));
	struct pick_want want = {
		.names = {rest.item, rest.n},
		.cidfiles = opts.cidfile,
		.all = opts.all,
		.running = true,
		.latest = opts.latest,
		.ignore = opts.ignore,
	};
	TRY(pick_begin(call->arena, &roots, &want, &pick));
	size_t n = 0;
	struct stop *stops =
		arena_array(call->arena, struct stop, rest.n + opts.cidfile.n + pick.records_n);
	TRY(begin_all(call, &pick, signal, seconds, stops, &n));
	return finish_all(call, stops, n);
}
