// SPDX-License-Identifier: Apache-2.0
// ending.h - what is told of a container's end: the line on standard error, and --report
#pragma once

#include "box/monitor/monitor.h"
#include "box/plan.h"

#include <time.h>

struct ending {
	const char *file;        // of --report; NULL: none is wanted
	const struct plan *plan; // its steps may not be there yet
	const struct box_spec *spec;
	int directory;           // of the container, by which it is told who signals it; -1: none
	struct timespec started; // CLOCK_REALTIME; 0: it does not run yet
	struct timespec clock;   // CLOCK_MONOTONIC, at the same moment
	bool oom_killed;         // ending_tell: somebody was killed for want of memory
};

// Remembers that the workload runs from now on.
void ending_begin(struct ending *ending);

// The container has ended, and its cgroups are still there. `init_end` is where the program of
// --init may have left how the workload ended (box/exec/reaper.h), or -1. A report that can't be
// written is said; the exit status stays the container's.
void ending_tell(struct arena *arena, struct ending *ending, struct monitor_end *end, int init_end);

// A start has failed, with the fault recorded last and, unless 0, at that step.
void ending_failed(struct arena *arena, const struct ending *ending, size_t step);
