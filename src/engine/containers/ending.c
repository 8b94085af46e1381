// SPDX-License-Identifier: Apache-2.0
// ending.c - what is told of a container's end
//
// The cgroups are asked as long as they are there. A container that ended well is asked one
// question only, as each costs a file: whether somebody in it was killed for want of memory. And
// only then is the kernel's log read.
#include "engine/containers/ending.h"

#include "base/msg.h"
#include "box/exec/reaper.h"
#include "box/record/life.h"
#include "box/monitor/verdict.h"
#include "engine/containers/report.h"

enum { WORDS_MAX = 1024, EXIT_TARE = 125, SECOND = 1000000000 };

void ending_begin(struct ending *ending)
{
	clock_gettime(CLOCK_REALTIME, &ending->started);
	clock_gettime(CLOCK_MONOTONIC, &ending->clock);
}

static uint64_t since(const struct timespec *then)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	int64_t seconds = now.tv_sec - then->tv_sec;
	return (uint64_t)(seconds * SECOND + now.tv_nsec - then->tv_nsec);
}

static uint64_t cpu_seconds(const struct box_spec *spec)
{
	const struct oci_process *process = &spec->oci.process;
	for (size_t i = 0; i < process->rlimits_n; i++)
		if (str_eq(process->rlimits[i].type, "RLIMIT_CPU") &&
		    process->rlimits[i].hard != UINT64_MAX)
			return process->rlimits[i].hard;
	return 0;
}

static void ask(struct arena *arena, const struct ending *ending, struct verdict *verdict)
{
	const struct plan *plan = ending->plan;
	memset(&verdict->report, 0xff, sizeof(verdict->report)); // all of it "not known"
	if (!plan->cgroup_name)
		return;
	if (!ending->file)
		cgroup_report(arena, plan->facts, plan->cgroup_name, CGROUP_ASK_KILLS,
			      &verdict->report);
	if (ending->file || verdict_wants_all(verdict))
		cgroup_report(arena, plan->facts, plan->cgroup_name, CGROUP_ASK_ALL,
			      &verdict->report);
	uint64_t kills = verdict->report.oom_kills;
	if (kills && kills != UINT64_MAX)
		oom_log_read(arena, plan->cgroup_name, &verdict->kills);
}

static void write_report(struct arena *arena, const struct ending *ending, struct report *report)
{
	if (!ending->file)
		return;
	report->spec = ending->spec;
	report->started = ending->started;
	clock_gettime(CLOCK_REALTIME, &report->ended);
	struct fault kept = *fault_last();
	if (report_write(arena, ending->file, report) < 0)
		msg_fault(fault_last());
	fault_restore(&kept);
}

void ending_tell(struct arena *arena, struct ending *ending, struct monitor_end *end, int init_end)
{
	const struct oci_resources *resources = &ending->spec->oci.linux_.resources;
	int signal = end->killed ? 0 : reaper_end_read(init_end, end->code, &end->core);
	if (signal) {
		end->killed = true;
		end->code = signal;
	}
	if (end->killed && box_record_was_signalled(ending->directory, end->code))
		end->forwarded |= UINT64_C(1) << (end->code - 1);
	struct verdict verdict = {
		.end = *end,
		.memory_limit = resources->memory_limit,
		.pids_limit = resources->pids_limit,
		.cpu_seconds = cpu_seconds(ending->spec),
		.duration = since(&ending->clock),
	};
	ask(arena, ending, &verdict);
	ending->oom_killed = verdict.report.oom_kills && verdict.report.oom_kills != UINT64_MAX;
	struct buf line = buf_new(arena, WORDS_MAX);
	verdict_text(&line, &verdict);
	if (line.n)
		msg_say("%s", line.p);
	struct report report = {
		.exit_code = monitor_exit_status(end),
		.verdict = &verdict,
		.words = line.n ? line.p : NULL,
	};
	write_report(arena, ending, &report);
}

void ending_failed(struct arena *arena, const struct ending *ending, size_t step)
{
	struct fault fault = *fault_last();
	struct report report = {
		.exit_code = fault.exit_code ? fault.exit_code : EXIT_TARE,
		.fault = &fault,
		.step = step,
		.steps = ending->plan->steps_n,
	};
	write_report(arena, ending, &report);
}
