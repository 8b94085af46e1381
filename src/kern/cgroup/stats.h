// SPDX-License-Identifier: Apache-2.0
// stats.h - what the processes of a container's groups use, while they run
#pragma once

#include "kern/cgroup/cgroup.h"

struct cgroup_amount {
	uint64_t used;
	uint64_t most;    // at a time
	uint64_t limit;   // UINT64_MAX: none, where `used` is known
	uint64_t refused; // how often the limit was in the way
};

// UINT64_MAX and NULL: not known here.
struct cgroup_stats {
	uint64_t cpu_total; // ns
	uint64_t cpu_user;
	uint64_t cpu_kernel;
	const char *cpu_each; // v1: ns of each processor, with blanks between
	uint64_t periods;     // of the processors' quota
	uint64_t periods_throttled;
	uint64_t throttled; // ns
	struct cgroup_amount memory;
	struct cgroup_amount memory_swap; // memory and swap together
	uint64_t memory_cache;            // bytes of files
	const char *memory_stat;          // the kernel's own list: lines of a name and a number
	struct cgroup_amount pids;
	const char *io_bytes; // lines of "8:0 Read 4096", or of v2's io.stat
	const char *io_times; // v1: likewise, of operations
};

void cgroup_stats(struct arena *arena, const struct facts *facts, const char *name,
		  struct cgroup_stats *ret_stats);

// Opens what tells of a group's memory running out: poll(2) for *ret_events on it. Returns the
// descriptor, -EOPNOTSUPP where this kernel doesn't tell, or another error of fail.h.
int cgroup_oom_watch(struct arena *arena, const struct facts *facts, const char *name,
		     short *ret_events);

// How often it has happened since `*seen`, which is brought up to date; after cgroup_oom_watch.
uint64_t cgroup_oom_count(struct arena *arena, const struct facts *facts, const char *name,
			  int watch, uint64_t *seen);
