// SPDX-License-Identifier: Apache-2.0
// view_processes.c - which processes are in there, with both of their numbers
//
// A pid namespace makes a container's processes one set: those in the namespace of the one looked
// at. Where it has none of its own, its cgroup does, if it has that. Either way its descendants
// belong to it, who may be in namespaces of their own, below.
//
// A process in a pid namespace has a number in it and in each one around it: the kernel tells them
// all, the outermost first.
#include "engine/view/view_parts.h"

#include "base/fail.h"

#include <dirent.h>

enum { SCANNED_MAX = 1 << 16, COMMAND_MAX = 4096 };

struct scanned {
	struct view_process process;
	uint32_t ppid;
	bool belongs;
};

struct scan {
	struct viewer *viewer;
	bool by_namespace;
	uint64_t namespace;
	struct str cgroup; // of the one looked at; n is 0: it says nothing
	struct scanned *item;
	size_t n;
};

static const char *command_of(struct arena *arena, const struct task *task,
			      const struct task_status *status)
{
	struct str text;
	if (task_read(arena, task, "cmdline", 1 << 20, &text) || !text.n)
		return arena_printf(arena, "[%s]", status->name);
	size_t n = min_of(text.n, (size_t)COMMAND_MAX);
	while (n && !text.p[n - 1])
		n--;
	char *command = arena_dup_n(arena, text.p, n);
	for (size_t i = 0; i < n; i++)
		if (!command[i])
			command[i] = ' ';
	return n ? command : arena_printf(arena, "[%s]", status->name);
}

static struct str cgroup_of(struct arena *arena, const struct task *task)
{
	struct str text = {0};
	task_read(arena, task, "cgroup", TASK_SMALL_MAX, &text);
	return text;
}

static bool is_in_set(struct scan *scan, const struct task *task)
{
	uint64_t namespace;
	if (scan->by_namespace)
		return task_namespace(task, "pid", &namespace) == 0 && namespace == scan->namespace;
	struct str cgroup = scan->cgroup.n ? cgroup_of(scan->viewer->arena, task) : STR("");
	return scan->cgroup.n && cgroup.n == scan->cgroup.n &&
	       memcmp(cgroup.p, scan->cgroup.p, cgroup.n) == 0;
}

static void take(struct scan *scan, pid_t pid)
{
	struct viewer *viewer = scan->viewer;
	struct arena *arena = viewer->arena;
	_cleanup_task_ struct task task = TASK_NONE;
	struct task_status status;
	struct str text;
	if (task_open(pid, &task) || task_read(arena, &task, "status", TASK_STATUS_MAX, &text) ||
	    task_status_read(arena, text, &status))
		return;
	size_t level = viewer->status.pid_n; // of the namespace of the one looked at
	struct scanned *scanned = &scan->item[scan->n++];
	*scanned = (struct scanned){.ppid = status.ppid};
	scanned->process = (struct view_process){
		.state = status.state,
		.pid_inside = status.pid_n >= level ? status.pid[level - 1] : 0,
		.pid_outside = (uint32_t)pid,
		.uid_outside = status.uid,
		.memory = status.memory,
	};
	scanned->process.mapped = task_map_inside(viewer->uid_map, viewer->uid_map_n, status.uid,
						  &scanned->process.uid_inside);
	scanned->belongs = pid == viewer->task.pid || is_in_set(scan, &task);
	scanned->process.command = command_of(arena, &task, &status);
}

static int scan_all(struct scan *scan)
{
	DIR *list = opendir("/proc");
	if (!list)
		return fail_sys(-errno, "open '/proc'");
	for (struct dirent *entry; scan->n < SCANNED_MAX && (entry = readdir(list));) {
		uint64_t pid;
		if (str_number(str_of(entry->d_name), INT32_MAX, &pid) == 0)
			take(scan, (pid_t)pid);
	}
	closedir(list);
	return 0;
}

static struct scanned *find(struct scan *scan, uint32_t pid)
{
	size_t low = 0, high = scan->n;
	while (low < high) { // /proc lists them by number
		size_t middle = low + (high - low) / 2;
		uint32_t at = scan->item[middle].process.pid_outside;
		if (at == pid)
			return &scan->item[middle];
		if (at < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

// Whoever descends from one that belongs does, too.
static void add_descendants(struct scan *scan)
{
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < scan->n; i++) {
			struct scanned *scanned = &scan->item[i];
			struct scanned *parent =
				scanned->belongs ? NULL : find(scan, scanned->ppid);
			if (!parent || !parent->belongs)
				continue;
			scanned->belongs = more = true;
		}
	}
}

int view_processes(struct viewer *viewer)
{
	struct view *view = viewer->view;
	struct scan scan = {.viewer = viewer};
	int error = task_namespace(&viewer->task, "pid", &scan.namespace);
	if (error)
		view_unseen(viewer, "processes by their namespace", error);
	scan.by_namespace = !error && !view_shares(viewer, "pid");
	if (!scan.by_namespace && !view_is_same(viewer, "cgroup"))
		scan.cgroup = cgroup_of(viewer->arena, &viewer->task);
	scan.item = arena_array(viewer->arena, struct scanned, SCANNED_MAX);
	TRY(scan_all(&scan));
	add_descendants(&scan);
	view->processes = arena_array(viewer->arena, struct view_process, VIEW_PROCESSES_MAX);
	view->command = viewer->status.name;
	for (size_t i = 0; i < scan.n; i++) {
		const struct view_process *process = &scan.item[i].process;
		if (process->pid_outside == view->pid)
			view->command = process->command;
		if (!scan.item[i].belongs)
			continue;
		if (view->processes_n < VIEW_PROCESSES_MAX)
			view->processes[view->processes_n++] = *process;
		else
			view->processes_more++;
	}
	return 0;
}
