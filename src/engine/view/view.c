// SPDX-License-Identifier: Apache-2.0
// view.c - finding what is to be looked at, and looking
//
// The process is opened once, as a directory of /proc: whatever is read through it is of that
// process or fails, also when it ends meanwhile and another gets its number. For a container the
// number comes from its record, which is checked against the process's start before and after.
#include "engine/view/view.h"

#include "base/fail.h"
#include "base/fd.h"
#include "box/record/life.h"
#include "engine/containers/containers.h"
#include "oci/lists.h"
#include "engine/view/view_parts.h"

#include <unistd.h>

void view_add(struct viewer *viewer, enum view_section section, const char *name,
	      const char *inside, const char *outside)
{
	struct view_rows *rows = &viewer->view->rows[section];
	if (!rows->item)
		rows->item = arena_array(viewer->arena, struct view_row, VIEW_ROWS_MAX);
	if (rows->n < VIEW_ROWS_MAX)
		rows->item[rows->n++] = (struct view_row){name, inside, outside};
}

void view_unseen(struct viewer *viewer, const char *what, int error)
{
	const char *words =
		arena_printf(viewer->arena, "%s: %s", what,
			     error == -ESRCH ? "it has ended" : strerror(error < 0 ? -error : 0));
	if (!oci_strings_has(&viewer->view->unseen, words))
		oci_strings_push(viewer->arena, &viewer->view->unseen, words);
}

bool view_is_same(struct viewer *viewer, const char *file)
{
	struct str theirs, ours;
	return task_read(viewer->arena, &viewer->task, file, TASK_SMALL_MAX, &theirs) == 0 &&
	       task_read(viewer->arena, &viewer->own, file, TASK_SMALL_MAX, &ours) == 0 &&
	       theirs.n == ours.n && memcmp(theirs.p, ours.p, ours.n) == 0;
}

bool view_shares(struct viewer *viewer, const char *file)
{
	uint64_t theirs, ours;
	int error = task_namespace(&viewer->task, file, &theirs);
	if (error && str_eq(file, "user")) // whoever may not see it sees what ids mean there
		return view_is_same(viewer, "uid_map") && view_is_same(viewer, "gid_map");
	return !error && task_namespace(&viewer->own, file, &ours) == 0 && theirs == ours;
}

const char *view_size(struct arena *arena, uint64_t bytes)
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
	size_t unit = 0;
	uint64_t tenths = bytes > UINT64_MAX / 10 ? UINT64_MAX : bytes * 10;
	while (unit + 1 < lengthof(units) && tenths >= 10240) {
		tenths /= 1024;
		unit++;
	}
	if (!(tenths % 10))
		return arena_printf(arena, "%llu %s", (unsigned long long)tenths / 10, units[unit]);
	return arena_printf(arena, "%llu.%llu %s", (unsigned long long)tenths / 10,
			    (unsigned long long)tenths % 10, units[unit]);
}

const char *view_section_name(enum view_section section)
{
	static const char *const names[VIEW_SECTIONS] = {
		[VIEW_USERS] = "users",   [VIEW_NAMESPACES] = "namespaces",
		[VIEW_MOUNTS] = "mounts", [VIEW_RIGHTS] = "rights",
		[VIEW_LIMITS] = "limits", [VIEW_NETWORK] = "network",
	};
	return names[section];
}

// --- the smaller sections -----------------------------------------------------------------------

static const char *range(struct arena *arena, uint32_t first, uint32_t count)
{
	return count == 1 ? arena_printf(arena, "%u", first)
			  : arena_printf(arena, "%u to %u", first, first + (count - 1));
}

static void add_map(struct viewer *viewer, const char *name, const char *file,
		    struct id_map *ret_map, size_t *ret_n)
{
	struct str text;
	*ret_n = 0;
	int error = task_read(viewer->arena, &viewer->task, file, TASK_SMALL_MAX, &text);
	if (error) {
		view_unseen(viewer, file, error);
		return;
	}
	task_map_read(text, ret_map, ret_n);
	for (size_t i = 0; i < *ret_n; i++)
		view_add(viewer, VIEW_USERS, name,
			 range(viewer->arena, ret_map[i].inside, ret_map[i].count),
			 range(viewer->arena, ret_map[i].outside, ret_map[i].count));
	if (!*ret_n)
		view_add(viewer, VIEW_USERS, name, "none has a number", NULL);
}

void view_users(struct viewer *viewer)
{
	struct id_map *groups = arena_array(viewer->arena, struct id_map, TASK_MAP_LINES);
	size_t groups_n;
	viewer->uid_map = arena_array(viewer->arena, struct id_map, TASK_MAP_LINES);
	if (view_shares(viewer, "user")) {
		viewer->uid_map[0] = (struct id_map){0, 0, UINT32_MAX};
		viewer->uid_map_n = 1;
		view_add(viewer, VIEW_USERS, "users and groups", "the host's", "the same numbers");
		return;
	}
	add_map(viewer, "users", "uid_map", viewer->uid_map, &viewer->uid_map_n);
	add_map(viewer, "groups", "gid_map", groups, &groups_n);
}

void view_namespaces(struct viewer *viewer)
{
	static const char *const files[] = {"user", "pid", "mnt",    "net",
					    "ipc",  "uts", "cgroup", "time"};
	for (size_t i = 0; i < lengthof(files); i++) {
		uint64_t theirs, ours;
		int error = task_namespace(&viewer->task, files[i], &theirs);
		if (error == -ENOENT && task_namespace(&viewer->own, files[i], &ours) == -ENOENT)
			continue; // this kernel has none of the kind
		if (error) {
			view_unseen(viewer, "namespaces", error);
			return;
		}
		if (task_namespace(&viewer->own, files[i], &ours))
			continue;
		view_add(viewer, VIEW_NAMESPACES, files[i],
			 theirs == ours ? "the host's"
					: arena_printf(viewer->arena, "its own, %llu",
						       (unsigned long long)theirs),
			 arena_printf(viewer->arena, "%llu", (unsigned long long)ours));
	}
}

// --- what is meant ------------------------------------------------------------------------------

static int not_running(const char *what, const struct box_record *record)
{
	fail(-ESRCH, "container '%s' does not run", what);
	fail_hint(record->finished ? "tare ps -a says how it ended"
				   : "it is starting, or its end was not written down");
	return -ESRCH;
}

static int open_container(struct arena *arena, const struct box_record *record, const char *what,
			  struct task *ret_task)
{
	struct record_process first;
	_cleanup_fd_ int pidfd = -1, again = -1;
	if (!record->running || box_record_first(arena, record, &first) != 0 ||
	    record_alive(&first, &pidfd) != 0)
		return not_running(what, record);
	int error = task_open((pid_t)first.pid, ret_task);
	if (error)
		return fail_sys(error, "look at container '%s'", what);
	if (record_alive(&first, &again) != 0)
		return not_running(what, record);
	return 0;
}

static int open_process(const char *what, uint64_t pid, struct task *ret_task)
{
	int error = task_open((pid_t)pid, ret_task);
	if (error == -ESRCH) {
		fail(error, "process %llu: there is none of that number", (unsigned long long)pid);
		fail_hint("nor is a container of yours called so: tare ps -a lists them");
		return error;
	}
	return error ? fail_sys(error, "process '%s'", what) : 0;
}

// A container of that very name or id comes first, then a process, then the beginning of an id.
static int find(struct viewer *viewer, const char *what)
{
	struct box_record *records = NULL;
	const struct box_record *record = NULL;
	size_t n = 0;
	uint64_t pid;
	struct str number = str_of(what);
	bool certain = str_starts(what, "pid:");
	if (certain)
		number = str_of(what + strlen("pid:"));
	bool is_number = str_number(number, INT32_MAX, &pid) == 0;
	if (certain)
		return is_number ? open_process(what, pid, &viewer->task)
				 : fail(-EINVAL, "'%s': pid:NUMBER is expected", what);
	TRY(containers_list(viewer->arena, viewer->roots, &records, &n));
	for (size_t i = 0; i < n && !record; i++)
		if (str_eq(records[i].id, what) ||
		    (records[i].name && str_eq(records[i].name, what)))
			record = &records[i];
	if (!record && is_number)
		return open_process(what, pid, &viewer->task);
	if (!record)
		TRY(container_find(records, n, what, &record));
	viewer->view->record = record;
	return open_container(viewer->arena, record, what, &viewer->task);
}

static int look(struct viewer *viewer, const char *what)
{
	struct str text;
	int error = task_open(getpid(), &viewer->own);
	if (error)
		return fail_sys(error, "open '/proc/self'");
	TRY(find(viewer, what));
	error = task_read(viewer->arena, &viewer->task, "status", TASK_STATUS_MAX, &text);
	if (!error)
		error = task_status_read(viewer->arena, text, &viewer->status);
	if (error)
		return fail_sys(error, "look at '%s'", what);
	viewer->view->pid = (uint32_t)viewer->task.pid;
	view_users(viewer);
	TRY(view_processes(viewer));
	view_namespaces(viewer);
	view_mounts(viewer);
	view_rights(viewer);
	view_limits(viewer);
	view_network(viewer);
	return 0;
}

int view_gather(struct arena *arena, const struct roots *roots, const char *what,
		struct view *ret_view)
{
	struct view view = {0};
	struct viewer viewer = {
		.arena = arena, .roots = roots, .task = TASK_NONE, .own = TASK_NONE, .view = &view};
	TRY(facts_gather(arena, FACTS_CHEAP, NULL, &viewer.facts));
	int result = look(&viewer, what);
	task_close(&viewer.task);
	task_close(&viewer.own);
	TRY(result);
	*ret_view = view;
	return 0;
}
