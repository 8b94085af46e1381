// SPDX-License-Identifier: Apache-2.0
// oom_log.h - which process was killed for want of memory, as the kernel's log tells it
//
// A cgroup counts the kills and names nobody. The kernel writes a line for each (mm/oom_kill.c),
// but for those that follow one another too fast:
//
//	oom-kill:constraint=CONSTRAINT_MEMCG,…,oom_memcg=/tare-0123456789ab,
//		task_memcg=/tare-0123456789ab,task=tail,pid=19218,uid=0
//
// It is all one line, and the name is whatever the process called itself.
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum {
	OOM_LOG_KILLS_MAX = 8,         // kept of one group, the last ones
	OOM_LOG_BYTES_MAX = 512 << 10, // read of the log, from its end
};

struct oom_kill {
	const char *name; // what the process called itself, at most 15 bytes, whatever they are
	uint32_t pid;     // its number on the host
	uint32_t uid;     // its user's, on the host
};

struct oom_kills {
	struct oom_kill kill[OOM_LOG_KILLS_MAX];
	size_t n;
};

// Finds those in the cgroup of that name, or below it, in the text of a log. Groups are known by
// the last part of their path, which holds a container's id.
void oom_log_find(struct arena *arena, struct str log, const char *group,
		  struct oom_kills *ret_kills);

// The same in the kernel's own log: one system call, which never waits. None where the caller may
// not read it (kernel.dmesg_restrict).
void oom_log_read(struct arena *arena, const char *group, struct oom_kills *ret_kills);
