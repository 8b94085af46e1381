// SPDX-License-Identifier: Apache-2.0
// verdict.c - out of memory, out of processes, killed: which, and what to do
//
// A container that was killed at its memory limit looks like any other that got SIGKILL. Its cgroup
// knows better, and is asked before it is removed; the kernel's log knows whom it was.
//
// Scripts read standard error, so an end that its program chose, with whatever code, gets no line
// here: it is for what somebody else decided.
#include "box/monitor/verdict.h"

#include "base/msg.h"

#include <signal.h>

enum {
	MILLISECOND = 1000000,
	SECOND = 1000 * MILLISECOND,
	THROTTLED_LEAST = 1000000, // µs that are worth a word,
	THROTTLED_SHARE = 10,      // if they are this part of the time it ran
	NAMES_SHOWN = 3,
};

static void add_size(struct buf *out, uint64_t bytes)
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
	size_t unit = 0;
	uint64_t tenths = bytes > UINT64_MAX / 10 ? UINT64_MAX : bytes * 10;
	while (unit + 1 < lengthof(units) && tenths >= 10240) {
		tenths /= 1024;
		unit++;
	}
	buf_printf(out, "%llu", (unsigned long long)tenths / 10);
	if (tenths % 10)
		buf_printf(out, ".%llu", (unsigned long long)tenths % 10);
	buf_printf(out, " %s", units[unit]);
}

// "350 ms", "2.3 s", "5 min 3 s", "2 h 5 min".
static void add_time(struct buf *out, uint64_t nanoseconds)
{
	unsigned long long seconds = nanoseconds / SECOND;
	unsigned long long tenths = nanoseconds % SECOND / (SECOND / 10);
	if (!seconds)
		buf_printf(out, "%llu ms", (unsigned long long)nanoseconds / MILLISECOND);
	else if (seconds < 60)
		buf_printf(out, "%llu.%llu s", seconds, tenths);
	else if (seconds < 3600)
		buf_printf(out, "%llu min %llu s", seconds / 60, seconds % 60);
	else
		buf_printf(out, "%llu h %llu min", seconds / 3600, seconds % 3600 / 60);
}

static bool counted(uint64_t count)
{
	return count && count != UINT64_MAX;
}

static void add_after(struct buf *out, const struct verdict *verdict)
{
	if (!verdict->duration)
		return;
	buf_puts(out, " after ");
	add_time(out, verdict->duration);
}

// " ('tail', 'head' and 3 more)": names that the processes gave themselves.
static void add_killed(struct buf *out, const struct verdict *verdict)
{
	const struct oom_kills *kills = &verdict->kills;
	size_t shown = min_of(kills->n, (size_t)NAMES_SHOWN);
	if (!shown)
		return;
	for (size_t i = 0; i < shown; i++) {
		buf_puts(out, i == 0                                ? " ('"
			      : i + 1 == shown && shown == kills->n ? "' and '"
								    : "', '");
		msg_escape(out, str_of(kills->kill[i].name));
	}
	buf_puts(out, "'");
	if (kills->n > shown)
		buf_printf(out, " and %zu more", kills->n - shown);
	buf_puts(out, ")");
}

// What --cpus cost it, where that is a part of the story.
static void add_throttled(struct buf *out, const struct verdict *verdict)
{
	uint64_t waited = verdict->report.cpu_throttled;
	if (waited == UINT64_MAX || waited < THROTTLED_LEAST ||
	    waited < verdict->duration / 1000 / THROTTLED_SHARE)
		return;
	buf_puts(out, "; its limit of processor time made it wait ");
	add_time(out, waited * 1000);
}

static void out_of_memory(struct buf *out, const struct verdict *verdict)
{
	const struct cgroup_report *report = &verdict->report;
	bool first = verdict->end.killed && verdict->end.code == SIGKILL;
	if (first) {
		buf_puts(out, "the container was killed");
		add_after(out, verdict);
	} else {
		bool one = report->oom_kills == 1;
		buf_printf(out, "%llu process%s in the container",
			   (unsigned long long)report->oom_kills, one ? "" : "es");
		add_killed(out, verdict);
		buf_puts(out, one ? " was killed" : " were killed");
	}
	buf_puts(out, " because memory ran out");
	if (first)
		add_killed(out, verdict);
	if (verdict->memory_limit > 0) {
		buf_puts(out, ": the limit is ");
		add_size(out, (uint64_t)verdict->memory_limit);
	}
	if (report->memory_peak != UINT64_MAX) {
		buf_puts(out, ", the most it used ");
		add_size(out, report->memory_peak);
	}
	buf_puts(out, verdict->memory_limit > 0 ? "; give it more with --memory, or let it use less"
						: "; the host, or a group around the "
						  "container, is short of it");
}

// The kernel kills at the hard limit, and so where both are the same.
static bool is_out_of_time(const struct verdict *verdict)
{
	const struct rusage *usage = &verdict->end.usage;
	return verdict->cpu_seconds &&
	       (uint64_t)usage->ru_utime.tv_sec + (uint64_t)usage->ru_stime.tv_sec + 1 >=
		       verdict->cpu_seconds;
}

static void by_signal(struct buf *out, const struct verdict *verdict)
{
	static const char *const reasons[][2] = {
		{"SEGV", "it touched memory that is not its own"},
		{"BUS", "it touched memory that is not there"},
		{"ABRT", "it gave up by itself"},
		{"ILL", "it ran an instruction this processor lacks"},
		{"FPE", "it divided by zero, or the like"},
		{"SYS", "it made a system call that its filter does not allow"},
		{"KILL", "somebody killed it, not tare"},
		{"XCPU", "its limit of processor time was reached (--ulimit cpu)"},
		{"XFSZ", "its limit of file size was reached (--ulimit fsize)"},
	};
	const char *name = sigabbrev_np(verdict->end.code);
	if (name)
		buf_printf(out, "the container was ended by SIG%s", name);
	else
		buf_printf(out, "the container was ended by signal %d", verdict->end.code);
	add_after(out, verdict);
	if (verdict->end.core)
		buf_puts(out, " (it left a core dump)");
	if (verdict->end.code == SIGKILL && is_out_of_time(verdict))
		name = "XCPU";
	for (size_t i = 0; name && i < lengthof(reasons); i++)
		if (str_eq(name, reasons[i][0]))
			buf_printf(out, ": %s", reasons[i][1]);
}

static bool is_failed(const struct monitor_end *end)
{
	return end->killed || end->code;
}

bool verdict_wants_all(const struct verdict *verdict)
{
	return counted(verdict->report.oom_kills) || is_failed(&verdict->end);
}

void verdict_text(struct buf *out, const struct verdict *verdict)
{
	const struct monitor_end *end = &verdict->end;
	if (counted(verdict->report.oom_kills)) {
		out_of_memory(out, verdict);
		add_throttled(out, verdict);
		return;
	}
	if (is_failed(end) && counted(verdict->report.pids_max_hits) && verdict->pids_limit > 0) {
		buf_printf(out,
			   "the container reached its limit of %lld processes (%llu more were "
			   "refused); give it more with --pids-limit",
			   (long long)verdict->pids_limit,
			   (unsigned long long)verdict->report.pids_max_hits);
		return;
	}
	if (end->timed_out) {
		buf_printf(out, "the container was killed after %lld second%s, as --timeout says",
			   (long long)end->timed_out, end->timed_out == 1 ? "" : "s");
		return;
	}
	if (end->killed && !(end->forwarded >> (end->code - 1) & 1)) {
		by_signal(out, verdict);
		add_throttled(out, verdict);
	}
}
