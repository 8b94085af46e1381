// SPDX-License-Identifier: Apache-2.0
// run.c - tare-oci run
//
// create, start, wait and delete in one. While the program runs the container's lock is given up,
// so that other commands can do to it what they could do to any; whoever has deleted it meanwhile
// has done our last step.
#include "runtime/make.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/msg.h"
#include "runtime/life.h"
#include "runtime/log.h"

struct run_opts {
	struct make_want make;
	bool detach; // -d
	bool keep;   // --keep
};

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct run_opts, struct oci_strings, field), letter, name, value, help    \
	}

static const struct opt options[] = {
	ROW(detach, 'd', "detach", NULL, "end when its program runs"),
	ROW(keep, 0, "keep", NULL, "leave it to delete when it has ended"),
	MAKE_ROWS(struct run_opts),
};

static const struct opt_example examples[] = {
	{"tare-oci run -b BUNDLE web", "run the program of the bundle in BUNDLE, until it ends"},
	{"tare-oci run -d --pid-file FILE web", "leave it running"},
	{NULL, NULL},
};

const struct opt_table runtime_run_table = {
	.program = "tare-oci",
	.name = "run",
	.purpose = "create, start, wait for its end, and delete, in one",
	.synopsis = (const char *const[]){"[OPTION…] ID", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.examples = examples,
};

int watch_to_end(struct runtime_call *call, struct monitor *monitor, int pidfd, int master)
{
	struct monitor_end end;
	monitor->pidfd = pidfd;
	monitor->master = master;
	monitor->stdin_open = true;
	TRY(monitor_run(monitor, &end));
	if (end.output_error && end.output_error != -EPIPE)
		log_warning(call, arena_printf(call->arena,
					       "standard output: %s; the container's terminal was "
					       "hung up",
					       strerror(-end.output_error)));
	call->status = monitor_exit_status(&end);
	return 0;
}

static int run_to_end(struct runtime_call *call, struct made *made, struct monitor *monitor,
		      bool keep)
{
	container_unlock(&made->container);
	TRY(watch_to_end(call, monitor, made->pidfd, take_fd(&made->master)));
	if (keep)
		return 0;
	int result = container_relock(&made->container);
	return result ? min_of(result, 0) : delete_container(call, &made->container);
}

int runtime_run_main(struct runtime_call *call, int argc, char **argv)
{
	struct run_opts opts = {0};
	struct opt_list rest = {0};
	struct monitor monitor;
	struct made made;
	int result = runtime_read(call, &runtime_run_table, argc, argv, &opts, 1, 1, &rest);
	if (result)
		return result;
	opts.make.foreground = !opts.detach;
	if (!opts.detach)
		TRY(monitor_prepare(&monitor));
	TRY(make_container(call, rest.item[0], &opts.make, &made));
	made.container.status = CONTAINER_CREATED;
	made.container.pidfd = made.pidfd;
	result = start_container(call, &made.container);
	if (result < 0)
		return abandon_container(call, &made.container, result); // it is nobody's
	return opts.detach ? 0 : run_to_end(call, &made, &monitor, opts.keep);
}
