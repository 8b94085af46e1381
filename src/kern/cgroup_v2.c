// SPDX-License-Identifier: Apache-2.0
// cgroup_v2.c - the limits as cgroup v2's files take them
//
// There is one tree. A group has a controller's files only when its parent hands the controller
// down: "+memory" in the parent's cgroup.subtree_control. systemd does that for those it uses; what
// is not yet there and is needed for a limit is written first. Only the top of the tree may hold
// processes and hand down at the same time; our groups stand right below it.
//
// "max" stands for no limit. Swap has a limit of its own here, so what v1 (and Docker's words)
// count together is taken apart: 150 of both with 100 of memory is 50 of swap.
//
// A process enters by being born in the group: clone3(2) with CLONE_INTO_CGROUP takes a descriptor
// of the directory.
#include "kern/cgroup_v2.h"

#include "base/buf.h"
#include "kern/cgroup_read.h"

static bool is_here(enum controller controller, const struct facts *facts)
{
	return facts->controller[controller].kind == CGROUP_V2;
}

static const char *number_or_max(struct arena *arena, int64_t value)
{
	return value == -1 ? "max" : arena_printf(arena, "%lld", (long long)value);
}

static void add(struct cgroup_list *list, enum controller controller, const struct facts *facts,
		const char *file, const char *value)
{
	cgroup_add(list, controller,
		   cgroup_path(list->arena, facts->controller[controller].directory, list->name),
		   file, value);
}

// "+memory +pids", for what is wanted and not handed down yet.
static void hand_down(struct cgroup_list *list, const bool *wanted, const struct facts *facts)
{
	struct buf words = buf_new(list->arena, 256);
	enum controller first = CONTROLLER_COUNT;
	for (int i = 0; i < CONTROLLER_COUNT; i++) {
		enum controller controller = (enum controller)i;
		if (!wanted[i] || !is_here(controller, facts) || facts->controller[i].enabled)
			continue;
		buf_printf(&words, "%s+%s", words.n ? " " : "", controller_name(controller));
		if (first == CONTROLLER_COUNT)
			first = controller;
	}
	if (words.n)
		cgroup_add(list, first, facts->cgroup2, "cgroup.subtree_control", words.p);
}

static void add_memory(struct cgroup_list *list, const struct cgroup_limits *limits,
		       const struct facts *facts)
{
	int64_t both = limits->memory_swap;
	if (limits->memory != INT64_MIN)
		add(list, CONTROLLER_MEMORY, facts, "memory.max",
		    number_or_max(list->arena, limits->memory));
	if (both != INT64_MIN && facts->swap_accounting)
		add(list, CONTROLLER_MEMORY, facts, "memory.swap.max",
		    number_or_max(list->arena, both == -1 ? -1 : both - limits->memory));
}

// "150000 100000"; the period may be left out, the quota may not.
static void add_cpu(struct cgroup_list *list, const struct cgroup_limits *limits,
		    const struct facts *facts)
{
	int64_t quota = limits->cpu_quota == INT64_MIN ? -1 : limits->cpu_quota;
	const char *text = number_or_max(list->arena, quota);
	if (limits->cpu_period != INT64_MIN)
		text = arena_printf(list->arena, "%s %lld", text, (long long)limits->cpu_period);
	add(list, CONTROLLER_CPU, facts, "cpu.max", text);
}

void cgroup_v2_writes(struct cgroup_list *list, const struct cgroup_limits *limits,
		      const struct facts *facts)
{
	const bool wanted[CONTROLLER_COUNT] = {
		[CONTROLLER_MEMORY] =
			limits->memory != INT64_MIN || limits->memory_swap != INT64_MIN,
		[CONTROLLER_CPU] =
			limits->cpu_quota != INT64_MIN || limits->cpu_period != INT64_MIN,
		[CONTROLLER_PIDS] = limits->pids != INT64_MIN,
	};
	hand_down(list, wanted, facts);
	if (wanted[CONTROLLER_MEMORY] && is_here(CONTROLLER_MEMORY, facts))
		add_memory(list, limits, facts);
	if (wanted[CONTROLLER_CPU] && is_here(CONTROLLER_CPU, facts))
		add_cpu(list, limits, facts);
	if (wanted[CONTROLLER_PIDS] && is_here(CONTROLLER_PIDS, facts))
		add(list, CONTROLLER_PIDS, facts, "pids.max",
		    number_or_max(list->arena, limits->pids));
}

static void report_memory(struct arena *arena, const char *group, enum cgroup_ask ask,
			  struct cgroup_report *report)
{
	report->oom_kills = cgroup_read(arena, group, "memory.events", "oom_kill");
	if (ask == CGROUP_ASK_KILLS)
		return;
	report->memory_peak = cgroup_read(arena, group, "memory.peak", NULL);
	report->memory_max_hits = cgroup_read(arena, group, "memory.events", "max");
}

void cgroup_v2_report(struct arena *arena, const struct facts *facts, const char *name,
		      enum cgroup_ask ask, struct cgroup_report *report)
{
	if (!facts->cgroup2)
		return;
	const char *group = cgroup_path(arena, facts->cgroup2, name);
	if (is_here(CONTROLLER_MEMORY, facts))
		report_memory(arena, group, ask, report);
	if (ask == CGROUP_ASK_KILLS)
		return;
	if (is_here(CONTROLLER_PIDS, facts)) {
		report->pids_peak = cgroup_read(arena, group, "pids.peak", NULL);
		report->pids_max_hits = cgroup_read(arena, group, "pids.events", "max");
	}
	if (is_here(CONTROLLER_CPU, facts)) {
		report->cpu_used = cgroup_read(arena, group, "cpu.stat", "usage_usec");
		report->cpu_throttled = cgroup_read(arena, group, "cpu.stat", "throttled_usec");
	}
}
