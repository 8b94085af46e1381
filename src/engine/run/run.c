// SPDX-License-Identifier: Apache-2.0
// run.c - one run, from beginning to end
//
// facts and options make a specification, that makes a plan; the plan is told, or taken. Once the
// container runs there is time for what need not be done before: writing down its first process,
// looking for what killed commands left behind. At its end the cgroups are asked what happened
// before they are removed.
#include "engine/run/run.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/msg.h"
#include "base/path.h"
#include "box/readings/explain.h"
#include "box/monitor/monitor.h"
#include "box/record/record.h"
#include "box/readings/script.h"
#include "engine/containers/cidfile.h"
#include "engine/containers/containers.h"
#include "engine/ids/ids_in_use.h"
#include "engine/namespaces/joins.h"
#include "engine/containers/ending.h"
#include "engine/containers/report.h"
#include "engine/limits/limits.h"
#include "engine/process/inherited.h"
#include "engine/run/run_image.h"
#include "engine/run/run_spec.h"
#include "kern/process/tty.h"

#include <sys/mman.h>
#include <unistd.h>

enum {
	SWEEP_MOST = 8, // directories a start looks at: its cost does not grow with more
	TRACE_MAX = 1 << 20,
};

// All that belongs to one run.
struct run {
	struct arena *arena;
	const struct run_opts *opts;
	const struct roots *roots;
	struct facts facts;
	struct engine_image image;
	struct box_spec spec;
	struct plan plan;
	struct ending ending;
	struct walk_trace *trace; // NULL: not wanted
	int ids_lock;             // nobody else chooses ids meanwhile; -1
	size_t failed;            // the step that did, from 1; 0: none
};

static bool only_tells(const struct run_opts *opts)
{
	return opts->explain || opts->script;
}

// Whether the container of root is to have a user namespace.
static bool asks_for_maps(const struct run_opts *opts)
{
	bool usual = !opts->userns || !*opts->userns || str_eq(opts->userns, "host");
	return !usual || opts->uidmap.n || opts->gidmap.n || opts->subuidname || opts->subgidname;
}

static int prepare(struct run *run)
{
	const struct run_opts *opts = run->opts;
	struct arena *arena = run->arena;
	struct engine_place place;
	struct engine_joins joins;
	char id[CONTAINER_ID_SIZE];
	struct rootfs_words root = {.directory = run->roots->root, .over = true};
	if (opts->rootfs)
		root = engine_rootfs_words(arena, opts->rootfs);
	unsigned want = FACTS_USER_NAMESPACE | (root.over ? FACTS_OVERLAY : 0u) | limits_want(opts);
	// Telling changes nothing: what a probe found is not kept then.
	const struct facts_places places = {only_tells(opts) ? NULL : run->roots->runroot,
					    run->roots->root};
	if (places.cache)
		TRY(roots_make(run->roots));
	TRY(facts_gather(arena, want, &places, &run->facts));
	if (root.over && !run->facts.uid && asks_for_maps(opts))
		facts_idmapped_layers(arena, root.directory, &run->facts);
	TRY(engine_new_id(id));
	TRY(engine_place_here(arena, run->roots->root, run->roots->runroot, arena_dup(arena, id),
			      &place));
	TRY(joins_find(arena, opts, &run->facts, &place, &joins));
	place.joins = &joins;
	if (opts->userns && str_starts(opts->userns, "auto"))
		TRY(ids_in_use(arena, &(struct box_place){run->roots->root, run->roots->runroot},
			       &place.used_uids, &place.used_gids,
			       only_tells(opts) ? NULL : &run->ids_lock));
	if (!opts->rootfs)
		TRY(run_image_open(arena, opts, &run->facts, run->roots->root, only_tells(opts),
				   &run->image));
	TRY(engine_run_spec(arena, opts, &run->facts, &place, opts->rootfs ? NULL : &run->image,
			    &run->spec));
	if (!opts->rootfs)
		TRY(run_image_layers(arena, &run->image, run->roots->root, only_tells(opts),
				     &run->spec));
	return plan_build(arena, &run->spec, &run->facts, &run->plan);
}

static struct explain_look look_of(int fd)
{
	bool terminal = tty_is(fd);
	const char *term = getenv("TERM"), *no_colour = getenv("NO_COLOR");
	bool dumb = term && str_eq(term, "dumb");
	return (struct explain_look){
		.width = terminal ? tty_columns(fd) : 0,
		.colour = terminal && !dumb && !(no_colour && *no_colour),
	};
}

static void tell(struct run *run, struct buf *out)
{
	struct explain_look look = look_of(STDOUT_FILENO);
	if (run->opts->script) {
		char program[PATH_LENGTH_MAX] = "tare";
		ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
		program[n > 0 ? (size_t)n : strlen("tare")] = '\0';
		struct script_want want = {program, run->opts->json};
		plan_script(out, &run->plan, &want);
	} else if (run->opts->json)
		plan_explain_json(out, &run->plan);
	else
		plan_explain(out, &run->plan, &look);
}

static int make_trace(struct run *run)
{
	if (!run->opts->trace)
		return 0;
	void *memory = mmap(NULL, run->plan.steps_n * sizeof(struct walk_trace),
			    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return fail_sys(-errno, "map memory for the trace");
	run->trace = memory;
	return 0;
}

// The trace goes to standard error, where it does not mix with what the container says.
static void tell_trace(const struct run *run)
{
	if (!run->trace)
		return;
	struct explain_look look = look_of(STDERR_FILENO);
	struct buf text = buf_new(run->arena, TRACE_MAX);
	if (run->opts->json)
		plan_trace_json(&text, &run->plan, run->trace);
	else
		plan_trace(&text, &run->plan, run->trace, &look);
	ssize_t written unused_ = write(STDERR_FILENO, text.p, text.n);
}

static void say_notices(const struct run *run)
{
	for (size_t i = 0; i < run->spec.notices.n; i++)
		msg_say("%s", run->spec.notices.item[i]);
	if (!run->opts->network)
		msg_notice("no network but loopback (--network none): networks are not there yet; "
			   "--network host shares the host's");
}

static int run_to_end(struct run *run, struct walk *walk, struct monitor *monitor, int *ret_status)
{
	struct monitor_end end;
	struct box_place place = {run->roots->root, run->roots->runroot};
	monitor->pidfd = walk->pidfd;
	monitor->master = take_fd(&walk->slot[SLOT_MASTER]);
	monitor->stdin_open = run->spec.stdin_open;
	monitor->no_proxy = run->spec.no_sig_proxy;
	monitor->seconds = run->spec.timeout;
	run->ending.directory = walk->slot[SLOT_STATE];
	ending_begin(&run->ending);
	tell_trace(run);
	box_record_started(run->arena, walk->slot[SLOT_STATE], walk->pid);
	box_record_sweep(run->arena, &place, &run->facts, SWEEP_MOST, run->spec.id);
	TRY(monitor_run(monitor, &end));
	walk->pid = 0; // it is reaped
	if (end.output_error && end.output_error != -EPIPE)
		msg_say("standard output: %s; the container's terminal was hung up",
			strerror(-end.output_error));
	ending_tell(run->arena, &run->ending, &end, walk->slot[SLOT_END]);
	*ret_status = monitor_exit_status(&end);
	if (run->spec.remove)
		return 0;
	TRY(box_record_finish(run->arena, &run->plan, walk->slot[SLOT_STATE], *ret_status,
			      run->ending.oom_killed));
	walk->keep = true;
	return 0;
}

static int start(struct run *run, int *ret_status)
{
	struct monitor monitor;
	struct walk walk;
	TRY(make_trace(run));
	say_notices(run);
	TRY(monitor_prepare(&monitor));
	int result = walk_run(run->arena, &run->plan, run->trace, &walk);
	fd_close(&run->ids_lock); // its record is there
	if (result < 0) {
		tell_trace(run);
		run->failed = walk.failed;
		return result;
	}
	if (run->opts->cidfile)
		result = cidfile_write(run->opts->cidfile, run->spec.id);
	if (result >= 0 && run->opts->pidfile)
		result = pidfile_write(run->arena, run->opts->pidfile, walk.pid);
	if (result >= 0)
		result = run_to_end(run, &walk, &monitor, ret_status);
	walk_stop(&walk);
	if (result >= 0 && run->opts->rmi &&
	    run_image_remove(run->arena, &run->image, run->roots) < 0)
		msg_fault(fault_last());
	return result;
}

static int prepare_and_start(struct run *run, int *ret_status)
{
	TRY(prepare(run));
	TRY(preserve_fds_check(run->spec.preserve_fds, run->spec.preserve_fd));
	if (run->opts->replace)
		TRY(container_replace(run->arena, run->roots, run->opts->name));
	return start(run, ret_status);
}

// The report tells of a failure, too, but not of one to write it, or after the container's end.
static int run_it(struct run *run, int *ret_status)
{
	int result = prepare_and_start(run, ret_status);
	fd_close(&run->ids_lock);
	if (result < 0 && !run->ending.started.tv_sec)
		ending_failed(run->arena, &run->ending, run->failed);
	return result;
}

int engine_run(struct arena *arena, const struct run_opts *opts, const struct roots *roots,
	       struct buf *out, int *ret_status)
{
	struct run run = {.arena = arena, .opts = opts, .roots = roots, .ids_lock = -1};
	// What a report of an early failure can name.
	run.spec.image = opts->rootfs ? opts->rootfs : opts->image;
	run.spec.oci.process.args = opts->args;
	run.ending = (struct ending){opts->report, &run.plan, &run.spec, -1, {0}, {0}, false};
	if (opts->report)
		TRY(report_check(opts->report));
	if (!only_tells(opts))
		return run_it(&run, ret_status);
	TRY(prepare(&run));
	if (opts->script && run.plan.outside)
		return fail(-EOPNOTSUPP, "--script with id maps that leave you out: not yet");
	tell(&run, out);
	return 0;
}
