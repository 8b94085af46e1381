// SPDX-License-Identifier: Apache-2.0
// verdict.c - out of memory, out of processes, killed: which, and what to do
//
// A container that was killed at its memory limit looks like any other that got SIGKILL. Its cgroup
// knows better, and is asked before it is removed.
#include "box/verdict.h"

#include <signal.h>

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

static bool counted(uint64_t count)
{
	return count && count != UINT64_MAX;
}

static void out_of_memory(struct buf *out, const struct verdict *verdict)
{
	const struct cgroup_report *report = &verdict->report;
	bool first = verdict->end.killed && verdict->end.code == SIGKILL;
	if (first)
		buf_puts(out, "the container was killed");
	else
		buf_printf(out, "%llu process%s in the container %s killed",
			   (unsigned long long)report->oom_kills,
			   report->oom_kills == 1 ? "" : "es",
			   report->oom_kills == 1 ? "was" : "were");
	buf_puts(out, " because memory ran out");
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
	if (verdict->end.core)
		buf_puts(out, " (it left a core dump)");
	for (size_t i = 0; name && i < lengthof(reasons); i++)
		if (str_eq(name, reasons[i][0]))
			buf_printf(out, ": %s", reasons[i][1]);
}

void verdict_text(struct buf *out, const struct verdict *verdict)
{
	const struct monitor_end *end = &verdict->end;
	bool failed = end->killed || end->code;
	if (counted(verdict->report.oom_kills)) {
		out_of_memory(out, verdict);
		return;
	}
	if (failed && counted(verdict->report.pids_max_hits) && verdict->pids_limit > 0) {
		buf_printf(out,
			   "the container reached its limit of %lld processes (%llu more were "
			   "refused); give it more with --pids-limit",
			   (long long)verdict->pids_limit,
			   (unsigned long long)verdict->report.pids_max_hits);
		return;
	}
	if (end->killed && !(end->forwarded >> (end->code - 1) & 1))
		by_signal(out, verdict);
}
