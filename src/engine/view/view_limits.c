// SPDX-License-Identifier: Apache-2.0
// view_limits.c - what a container may use, and what it uses
//
// Each controller is on cgroup v1 or v2, as the facts say; where the process is in its tree,
// /proc/PID/cgroup tells, as seen from our own cgroup namespace. The files' names and units differ,
// the questions are the same.
#include "engine/view/view_parts.h"

#include "base/fail.h"
#include "base/fd.h"
#include "kern/cgroup/file.h"
#include "kern/cgroup/read.h"

#define NO_LIMIT_V1 (INT64_MAX / 2) // v1 says "none" by a number near the largest

struct group {
	enum cgroup_kind kind;
	const char *directory; // NULL: it has none that we see
};

static struct group group_of(struct viewer *viewer, struct str text, enum controller controller)
{
	const struct facts_controller *at = &viewer->facts.controller[controller];
	struct cgroup_line line;
	struct group group = {at->kind, NULL};
	while (at->kind != CGROUP_NONE && !group.directory && cgroup_file_next(&text, &line) == 0) {
		bool match = at->kind == CGROUP_V2 && line.hierarchy == 0;
		for (struct str rest = line.controllers; at->kind == CGROUP_V1 && rest.n;)
			match = match || str_is(str_cut(&rest, ','), controller_name(controller));
		bool above = line.path.n >= 3 && memcmp(line.path.p, "/..", 3) == 0;
		if (match && !above)
			group.directory = arena_printf(viewer->arena, "%s%.*s", at->directory,
						       (int)line.path.n, line.path.p);
	}
	return group;
}

static uint64_t number_in(struct viewer *viewer, const struct group *group, const char *v1,
			  const char *v2)
{
	const char *file = group->kind == CGROUP_V1 ? v1 : v2;
	return file ? cgroup_read(viewer->arena, group->directory, file, NULL) : UINT64_MAX;
}

static const char *limit_size(struct arena *arena, uint64_t limit)
{
	return limit >= NO_LIMIT_V1 ? "no limit" : view_size(arena, limit);
}

static const char *limit_number(struct arena *arena, uint64_t limit)
{
	return limit == UINT64_MAX ? "no limit"
				   : arena_printf(arena, "%llu", (unsigned long long)limit);
}

static void memory(struct viewer *viewer, struct str cgroups)
{
	struct group group = group_of(viewer, cgroups, CONTROLLER_MEMORY);
	if (!group.directory)
		return;
	struct arena *arena = viewer->arena;
	uint64_t limit = number_in(viewer, &group, "memory.limit_in_bytes", "memory.max");
	uint64_t used = number_in(viewer, &group, "memory.usage_in_bytes", "memory.current");
	uint64_t peak = number_in(viewer, &group, "memory.max_usage_in_bytes", "memory.peak");
	uint64_t kills = cgroup_read(
		arena, group.directory,
		group.kind == CGROUP_V1 ? "memory.oom_control" : "memory.events", "oom_kill");
	struct buf text = buf_new(arena, 256);
	if (used != UINT64_MAX)
		buf_printf(&text, "%s used", view_size(arena, used));
	if (peak != UINT64_MAX)
		buf_printf(&text, ", %s at most", view_size(arena, peak));
	if (kills && kills != UINT64_MAX)
		buf_printf(&text, ", %llu killed", (unsigned long long)kills);
	view_add(viewer, VIEW_LIMITS, "memory", limit_size(arena, limit), text.p);
}

static void processes(struct viewer *viewer, struct str cgroups)
{
	struct group group = group_of(viewer, cgroups, CONTROLLER_PIDS);
	if (!group.directory)
		return;
	uint64_t now = number_in(viewer, &group, "pids.current", "pids.current");
	uint64_t peak = number_in(viewer, &group, "pids.peak", "pids.peak");
	struct buf text = buf_new(viewer->arena, 128);
	if (now != UINT64_MAX)
		buf_printf(&text, "%llu there", (unsigned long long)now);
	if (peak != UINT64_MAX)
		buf_printf(&text, ", %llu at most", (unsigned long long)peak);
	view_add(viewer, VIEW_LIMITS, "processes",
		 limit_number(viewer->arena, number_in(viewer, &group, "pids.max", "pids.max")),
		 text.p);
}

// "150000 100000" of cpu.max, or the two files of v1: as processors.
static const char *cpu_limit(struct viewer *viewer, const struct group *group)
{
	struct arena *arena = viewer->arena;
	uint64_t quota = cgroup_read(arena, group->directory, "cpu.cfs_quota_us", NULL);
	uint64_t period = cgroup_read(arena, group->directory, "cpu.cfs_period_us", NULL);
	if (group->kind == CGROUP_V2) {
		struct str text, line;
		if (file_read_small(arena, arena_printf(arena, "%s/cpu.max", group->directory),
				    CGROUP_FILE_MAX, &text))
			return NULL;
		line = str_line(&text);
		struct str first = str_word(&line), second = str_word(&line);
		if (str_number(first, UINT64_MAX, &quota))
			quota = UINT64_MAX;
		if (str_number(second, UINT64_MAX, &period))
			period = UINT64_MAX;
	}
	if (quota == UINT64_MAX || period == UINT64_MAX || !period || quota > UINT64_MAX / 100)
		return "no limit";
	return arena_printf(arena, "%llu.%02llu processors", (unsigned long long)(quota / period),
			    (unsigned long long)(quota % period * 100 / period));
}

static void processors(struct viewer *viewer, struct str cgroups)
{
	struct group group = group_of(viewer, cgroups, CONTROLLER_CPU);
	struct group accounts = group_of(viewer, cgroups, CONTROLLER_CPUACCT);
	if (!group.directory)
		return;
	struct arena *arena = viewer->arena;
	uint64_t used = UINT64_MAX, throttled;
	if (group.kind == CGROUP_V2) {
		used = cgroup_read(arena, group.directory, "cpu.stat", "usage_usec");
		throttled = cgroup_read(arena, group.directory, "cpu.stat", "throttled_usec");
	} else {
		if (accounts.directory)
			used = cgroup_read(arena, accounts.directory, "cpuacct.usage", NULL);
		used = used == UINT64_MAX ? used : used / 1000;
		throttled = cgroup_read(arena, group.directory, "cpu.stat", "throttled_time");
		throttled = throttled == UINT64_MAX ? throttled : throttled / 1000;
	}
	struct buf text = buf_new(arena, 128);
	if (used != UINT64_MAX)
		buf_printf(&text, "%llu ms used", (unsigned long long)used / 1000);
	if (throttled && throttled != UINT64_MAX)
		buf_printf(&text, ", %llu ms waited for its limit's sake",
			   (unsigned long long)throttled / 1000);
	view_add(viewer, VIEW_LIMITS, "processor time", cpu_limit(viewer, &group), text.p);
}

// Where it is, by the controller of memory or else in the tree of v2.
static void whereabouts(struct viewer *viewer, struct str cgroups)
{
	struct group group = group_of(viewer, cgroups, CONTROLLER_MEMORY);
	const char *outside = group.directory;
	struct cgroup_line line;
	while (!outside && cgroup_file_next(&cgroups, &line) == 0)
		if (line.hierarchy == 0)
			outside = arena_printf(viewer->arena, "%s%.*s",
					       viewer->facts.cgroup2 ? viewer->facts.cgroup2 : "",
					       (int)line.path.n, line.path.p);
	if (outside)
		view_add(viewer, VIEW_LIMITS, "cgroup",
			 view_shares(viewer, "cgroup") ? "as outside" : "/", outside);
}

static void rlimits(struct viewer *viewer)
{
	struct task_limit *theirs = arena_array(viewer->arena, struct task_limit, TASK_LIMITS);
	struct str text;
	size_t n;
	int error = task_read(viewer->arena, &viewer->task, "limits", TASK_SMALL_MAX, &text);
	if (error) {
		view_unseen(viewer, "limits of each process", error);
		return;
	}
	task_limits_read(viewer->arena, text, theirs, &n);
	for (size_t i = 0; i < n; i++) {
		const struct task_limit *limit = &theirs[i];
		bool one = str_eq(limit->soft, limit->hard);
		const char *value =
			one ? limit->soft
			    : arena_printf(viewer->arena, "%s, up to %s", limit->soft, limit->hard);
		bool unit = limit->unit[0] && !str_eq(limit->soft, "unlimited");
		view_add(viewer, VIEW_LIMITS, arena_printf(viewer->arena, "ulimit %s", limit->name),
			 unit ? arena_printf(viewer->arena, "%s %s", value, limit->unit) : value,
			 "each process");
	}
}

void view_limits(struct viewer *viewer)
{
	struct str text;
	int error = task_read(viewer->arena, &viewer->task, "cgroup", TASK_SMALL_MAX, &text);
	if (error) {
		view_unseen(viewer, "cgroups", error);
	} else if (view_is_same(viewer, "cgroup")) {
		view_add(viewer, VIEW_LIMITS, "cgroup", "none of its own", "that of tare view");
	} else {
		memory(viewer, text);
		processors(viewer, text);
		processes(viewer, text);
		whereabouts(viewer, text);
	}
	rlimits(viewer);
}
