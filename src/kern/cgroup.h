// SPDX-License-Identifier: Apache-2.0
// cgroup.h - a container's cgroups: what to make, what to write, what happened, removal
//
// What is decided is decided by pure functions over facts: lists, which a plan can show before
// anything is done. The others do one thing each. Names of groups begin with CGROUP_PREFIX.
#pragma once

#include "base/arena.h"
#include "kern/facts.h"

#define CGROUP_PREFIX "tare-"

// One description for both versions. INT64_MIN: not given, and what the kernel has is left alone.
struct cgroup_limits {
	int64_t memory;      // bytes; -1: unlimited
	int64_t memory_swap; // bytes of memory and swap together, as v1 counts; -1: unlimited
	int64_t cpu_quota;  // µs that may be used in each period, by all processors; -1: unlimited
	int64_t cpu_period; // µs
	int64_t pids;       // processes and threads; -1: unlimited
};

#define CGROUP_NO_LIMITS                                                                           \
	((struct cgroup_limits){INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN})

// A directory to make, one for each hierarchy that a container joins.
struct cgroup_group {
	enum cgroup_kind kind;
	const char *directory;   // "/sys/fs/cgroup/memory/tare-0123456789ab"
	const char *controllers; // "memory", "cpu,cpuacct"; v2: those it has there, or "cgroup2"
	const char *tasks;       // v1: the file that the child writes itself into; v2: NULL, as the
				 // child is born there (CLONE_INTO_CGROUP)
};

// Lists them: memory, pids, cpu, cpuacct and devices, wherever each lives. None on a host that has
// no cgroups mounted.
void cgroup_groups(struct arena *arena, const struct facts *facts, const char *name,
		   struct cgroup_group **ret_groups, size_t *ret_n);

// A value to write, in this order, when the groups are there.
struct cgroup_write {
	enum controller controller;
	const char *directory;
	const char *file;
	const char *value;
};

// Lists them. Errors name the limit, the controller and why it can't be applied.
int cgroup_writes(struct arena *arena, const struct cgroup_limits *limits,
		  const struct facts *facts, const char *name, struct cgroup_write **ret_writes,
		  size_t *ret_n);

// A mount that shows the container its own groups, below /sys/fs/cgroup.
struct cgroup_view {
	const char *target;  // "": /sys/fs/cgroup itself; "memory"
	const char *type;    // "cgroup2", "cgroup", "tmpfs"; NULL: a symbolic link
	const char *options; // of the file system: "memory"; of a link: what it leads to
};

// Lists them, to be mounted in this order in the container's cgroup namespace. None where no
// cgroups are.
void cgroup_views(struct arena *arena, const struct facts *facts, struct cgroup_view **ret_views,
		  size_t *ret_n);

// Makes a group, or writes a value; errors are worded. Some files take one entry of a list at a
// time: a value's parts between semicolons are written one by one.
#define CGROUP_ENTRY_END ';'
int cgroup_make(const char *directory);
int cgroup_set(const char *directory, const char *file, const char *value);

// v1: the calling process enters the group whose "tasks" file this is. Raw, for a container's
// first process: returns 0 or a negative errno.
int cgroup_v1_join(const char *tasks);

// What happened in the groups, to be read before they are removed. UINT64_MAX: not known here.
struct cgroup_report {
	uint64_t memory_peak;     // most bytes in use at a time
	uint64_t memory_max_hits; // how often the limit was reached and memory had to be found
	uint64_t oom_kills;       // processes killed because none was found
	uint64_t pids_peak;       // most processes and threads at a time (Linux 6.6)
	uint64_t pids_max_hits;   // forks that failed at the limit
	uint64_t cpu_used;        // µs of processor time
	uint64_t cpu_throttled;   // µs that processes had to wait though they could have run
};

// How much is read: every file is three system calls at the end of a container.
enum cgroup_ask {
	CGROUP_ASK_KILLS, // oom_kills alone
	CGROUP_ASK_ALL,
};

void cgroup_report(struct arena *arena, const struct facts *facts, const char *name,
		   enum cgroup_ask ask, struct cgroup_report *ret_report);

// Removes a group and those below it; whoever is left in them is killed. It waits up to three
// seconds for them to go. A group that is not there is fine; a path that is not one of tare's
// groups is refused, as paths come from a record on disk.
int cgroup_remove(const char *directory);
