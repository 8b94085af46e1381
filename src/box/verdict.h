// SPDX-License-Identifier: Apache-2.0
// verdict.h - why a container ended, in one line
#pragma once

#include "base/buf.h"
#include "box/monitor.h"
#include "kern/cgroup.h"

struct verdict {
	struct monitor_end end;      // how its first process ended
	struct cgroup_report report; // what its cgroups counted; UINT64_MAX where they didn't
	int64_t memory_limit;        // bytes; not positive: none
	int64_t pids_limit;          // likewise
};

// Adds one line without a newline, or nothing: a plain exit, and a signal that the user sent
// through us, need no words.
void verdict_text(struct buf *out, const struct verdict *verdict);
