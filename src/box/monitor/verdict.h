// SPDX-License-Identifier: Apache-2.0
// verdict.h - why a container ended, in one line
#pragma once

#include "base/buf.h"
#include "box/monitor/monitor.h"
#include "kern/cgroup/cgroup.h"
#include "kern/cgroup/oom_log.h"

struct verdict {
	struct monitor_end end;      // how its first process, or with --init the workload, ended
	struct cgroup_report report; // what its cgroups counted; UINT64_MAX where they didn't
	struct oom_kills kills;      // who was killed for want of memory, as far as that is known
	int64_t memory_limit;        // bytes; not positive: none
	int64_t pids_limit;          // likewise
	uint64_t cpu_seconds;        // of processor time a process may use; 0: as much as it likes
	uint64_t duration;           // nanoseconds it ran; 0: not known
};

// Whether verdict_text could say more if it knew all that the cgroups counted, not oom_kills alone.
bool verdict_wants_all(const struct verdict *verdict);

// Adds one line without a newline, or nothing: a plain exit, whatever its code, and a signal that
// the user sent through us need no words. It speaks of a signal, a kill for want of memory wherever
// in the container it hit, and a limit of processes that was in the way of a container that failed.
void verdict_text(struct buf *out, const struct verdict *verdict);
