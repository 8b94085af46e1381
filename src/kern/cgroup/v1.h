// SPDX-License-Identifier: Apache-2.0
// v1.h - the limits as cgroup v1's files take them
#pragma once

#include "kern/cgroup/cgroup.h"

enum { CGROUP_WRITES_MAX = 32 }; // of one container, beside those that have lists of their own

// The list that cgroup_writes fills.
struct cgroup_list {
	struct arena *arena;
	const char *name; // of the groups
	struct cgroup_write *item;
	size_t n;
	size_t room;
};

void cgroup_add(struct cgroup_list *list, enum controller controller, const char *directory,
		const char *file, const char *value);

// "/sys/fs/cgroup/memory/tare-0123456789ab"
const char *cgroup_path(struct arena *arena, const char *tree, const char *name);

// A limit that is a number, or -1 for none: as v2 words it, and pids.max of v1.
const char *cgroup_number_or_max(struct arena *arena, int64_t value);

// The rates of block devices, a line a device: for v1 those of one kind as "8:0 1048576", for v2
// those of all kinds together, as io.max takes them: "8:0 rbps=1048576 wiops=100".
const char *cgroup_v1_rates(struct arena *arena, const struct cgroup_rates *rates);
const char *cgroup_v2_rates(struct arena *arena, const struct cgroup_limits *limits);

// Whether any device has a rate.
bool cgroup_has_rates(const struct cgroup_limits *limits);

// Adds what is to be written for the controllers that live on v1. The limits are already checked.
void cgroup_v1_writes(struct cgroup_list *list, const struct cgroup_limits *limits,
		      const struct facts *facts);

// Reads from those controllers into the report.
void cgroup_v1_report(struct arena *arena, const struct facts *facts, const char *name,
		      enum cgroup_ask ask, struct cgroup_report *report);

// The lines of rdma.max, in either version, as entries (see cgroup_set).
const char *cgroup_rdma_text(struct arena *arena, const struct cgroup_limits *limits);
