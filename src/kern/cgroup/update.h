// SPDX-License-Identifier: Apache-2.0
// update.h - other limits for a group that has processes
#pragma once

#include "kern/cgroup/cgroup.h"

// Fills in what a change can't be written without, from what the groups called `name` have now:
// the memory that belongs to a swap limit, the quota that belongs to a period. Unlimited memory
// frees the swap as well.
void cgroup_complete(struct arena *arena, const struct facts *facts, const char *name,
		     struct cgroup_limits *limits);

// Writes them, in whichever order the kernel takes them. An error's hint tells what is changed
// already.
int cgroup_change(struct arena *arena, const struct cgroup_write *writes, size_t n);

// v1: moves the processes of the group `from` into `to`, a group of another hierarchy, with those
// they fork meanwhile.
int cgroup_move_all(struct arena *arena, const char *from, const char *to);
