// SPDX-License-Identifier: Apache-2.0
// cgroup_v1.c - the limits as cgroup v1's files take them
//
// Every controller has its own tree, mounted in a directory of its own, and every file of v1 holds
// one number; -1 stands for "no limit", but in pids.max, which came late and says "max".
//
// Memory has two limits: of memory, and of memory and swap together ("memsw"). The kernel wants the
// second never to be below the first. A new group has no limits, so the first is written first;
// whoever raises both of a group in use has to begin with the second.
//
// A child enters by writing 0, which means "me", to `tasks`. cgroup.procs would move all threads of
// a process under a lock of the whole system, and the child has one thread.
#include "kern/cgroup_v1.h"

#include "base/sys.h"
#include "kern/cgroup_read.h"

#include <fcntl.h>

static void add(struct cgroup_list *list, enum controller controller, const struct facts *facts,
		const char *file, int64_t value)
{
	const char *directory = facts->controller[controller].directory;
	if (value == INT64_MIN)
		return;
	cgroup_add(list, controller, cgroup_path(list->arena, directory, list->name), file,
		   arena_printf(list->arena, "%lld", (long long)value));
}

static bool is_here(enum controller controller, const struct facts *facts)
{
	return facts->controller[controller].kind == CGROUP_V1;
}

void cgroup_v1_writes(struct cgroup_list *list, const struct cgroup_limits *limits,
		      const struct facts *facts)
{
	if (is_here(CONTROLLER_MEMORY, facts)) {
		add(list, CONTROLLER_MEMORY, facts, "memory.limit_in_bytes", limits->memory);
		if (facts->swap_accounting)
			add(list, CONTROLLER_MEMORY, facts, "memory.memsw.limit_in_bytes",
			    limits->memory_swap);
	}
	if (is_here(CONTROLLER_CPU, facts)) {
		add(list, CONTROLLER_CPU, facts, "cpu.cfs_period_us", limits->cpu_period);
		add(list, CONTROLLER_CPU, facts, "cpu.cfs_quota_us", limits->cpu_quota);
	}
	if (is_here(CONTROLLER_PIDS, facts) && limits->pids == -1)
		cgroup_add(list, CONTROLLER_PIDS,
			   cgroup_path(list->arena, facts->controller[CONTROLLER_PIDS].directory,
				       list->name),
			   "pids.max", "max");
	else if (is_here(CONTROLLER_PIDS, facts))
		add(list, CONTROLLER_PIDS, facts, "pids.max", limits->pids);
}

int cgroup_v1_join(const char *tasks)
{
	int fd = (int)sys_call(SYS_openat, AT_FDCWD, tasks, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return fd;
	long written = sys_call(SYS_write, fd, "0", 1);
	sys_call(SYS_close, fd);
	return written < 0 ? (int)written : 0;
}

static const char *group(struct arena *arena, enum controller controller, const struct facts *facts,
			 const char *name)
{
	return cgroup_path(arena, facts->controller[controller].directory, name);
}

static uint64_t microseconds(uint64_t nanoseconds)
{
	return nanoseconds == UINT64_MAX ? UINT64_MAX : nanoseconds / 1000;
}

static void report_memory(struct arena *arena, const char *memory, enum cgroup_ask ask,
			  struct cgroup_report *report)
{
	report->oom_kills = cgroup_read(arena, memory, "memory.oom_control", "oom_kill");
	if (ask == CGROUP_ASK_KILLS)
		return;
	report->memory_peak = cgroup_read(arena, memory, "memory.max_usage_in_bytes", NULL);
	report->memory_max_hits = cgroup_read(arena, memory, "memory.failcnt", NULL);
}

void cgroup_v1_report(struct arena *arena, const struct facts *facts, const char *name,
		      enum cgroup_ask ask, struct cgroup_report *report)
{
	if (is_here(CONTROLLER_MEMORY, facts))
		report_memory(arena, group(arena, CONTROLLER_MEMORY, facts, name), ask, report);
	if (ask == CGROUP_ASK_KILLS)
		return;
	if (is_here(CONTROLLER_PIDS, facts)) {
		const char *pids = group(arena, CONTROLLER_PIDS, facts, name);
		report->pids_peak = cgroup_read(arena, pids, "pids.peak", NULL);
		report->pids_max_hits = cgroup_read(arena, pids, "pids.events", "max");
	}
	if (is_here(CONTROLLER_CPU, facts)) {
		const char *cpu = group(arena, CONTROLLER_CPU, facts, name);
		report->cpu_throttled =
			microseconds(cgroup_read(arena, cpu, "cpu.stat", "throttled_time"));
	}
	if (is_here(CONTROLLER_CPUACCT, facts)) {
		const char *used = group(arena, CONTROLLER_CPUACCT, facts, name);
		report->cpu_used = microseconds(cgroup_read(arena, used, "cpuacct.usage", NULL));
	}
}
