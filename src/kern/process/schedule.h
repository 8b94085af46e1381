// SPDX-License-Identifier: Apache-2.0
// schedule.h - how soon a process gets a processor, a disk, and memory of which node
//
// Child-safe: raw system calls for the calling thread, bare negative errnos. All of it is inherited
// by fork and kept over exec.
#pragma once

enum {
	SCHEDULE_NODES_MAX = 1024,      // memory nodes that Linux can have
	SCHEDULE_PROCESSORS_MAX = 8192, // and processors
};

struct schedule { // see sched_setattr(2); times in nanoseconds
	uint32_t policy;
	uint64_t flags; // SCHED_FLAG_…
	int32_t nice;
	uint32_t priority;
	uint64_t runtime;
	uint64_t deadline;
	uint64_t period;
};

int schedule_set(const struct schedule *schedule);

// kind is IOPRIO_CLASS_…, level 0 (first) to 7.
int schedule_set_io(unsigned kind, unsigned level);

// mode is MPOL_… with MPOL_F_…, nodes a list such as "0-3,7" or NULL.
int schedule_set_memory(unsigned mode, const char *nodes);

// The processors that the calling thread may use, a list likewise; NULL: all that its cgroup has.
int schedule_set_processors(const char *list);

// Reads numbers and ranges between commas, blanks ignored, into n_bits bits (a multiple of 64).
// Returns 0, -EINVAL where it is not written so, -ERANGE for a number that is too large.
int schedule_read_list(const char *text, uint64_t *bits, size_t n_bits);
