// SPDX-License-Identifier: Apache-2.0
// cgroup_v1.h - the limits as cgroup v1's files take them
#pragma once

#include "kern/cgroup.h"

enum { CGROUP_WRITES_MAX = 16 }; // of one container, both versions together

// The list that cgroup_writes fills.
struct cgroup_list {
	struct arena *arena;
	const char *name; // of the groups
	struct cgroup_write *item;
	size_t n;
};

void cgroup_add(struct cgroup_list *list, enum controller controller, const char *directory,
		const char *file, const char *value);

// "/sys/fs/cgroup/memory/tare-0123456789ab"
const char *cgroup_path(struct arena *arena, const char *tree, const char *name);

// Adds what is to be written for the controllers that live on v1. The limits are already checked.
void cgroup_v1_writes(struct cgroup_list *list, const struct cgroup_limits *limits,
		      const struct facts *facts);

// Reads from those controllers into the report.
void cgroup_v1_report(struct arena *arena, const struct facts *facts, const char *name,
		      enum cgroup_ask ask, struct cgroup_report *report);
