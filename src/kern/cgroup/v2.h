// SPDX-License-Identifier: Apache-2.0
// v2.h - the limits as cgroup v2's files take them
#pragma once

#include "kern/cgroup/v1.h"

// Adds what is to be written for the controllers that live on v2. The limits are already checked.
void cgroup_v2_writes(struct cgroup_list *list, const struct cgroup_limits *limits,
		      const struct facts *facts);

// Reads from those controllers into the report.
void cgroup_v2_report(struct arena *arena, const struct facts *facts, const char *name,
		      enum cgroup_ask ask, struct cgroup_report *report);
