// SPDX-License-Identifier: Apache-2.0
// cgroup.c - which cgroups a container gets, and what is written into them
//
// A cgroup is a directory in a file system of the kernel's. Making the directory makes the group,
// processes are put into it, their children are born into it, and files in the directory set what
// all of them together may use and tell what they used. Without it one container can take all
// memory, fork until no process number is left, and nobody can say who it was.
//
// There are two such file systems. In v1 each controller (memory, pids, …) has a tree of its own;
// a process is somewhere in each of them. In v2 there is one tree, and a group has those
// controllers that its parent hands down in cgroup.subtree_control. A controller is in one of the
// two only, and a host may have both. So each limit is asked for its controller, each controller
// for its version; cgroup_v1.c and cgroup_v2.c know the files:
//
//	limit        v1                                       v2
//	memory       memory.limit_in_bytes                    memory.max
//	memory_swap  memory.memsw.limit_in_bytes (the sum)    memory.swap.max (swap alone)
//	cpu          cpu.cfs_period_us, cpu.cfs_quota_us      cpu.max "quota period"
//	pids         pids.max                                 pids.max
//
// A limit that nobody would enforce is an error. Joining is cheap when a process does it for itself
// (v1: write 0 to tasks) or is born there (v2), and dear when another process is moved: that waits
// until every CPU has passed a quiet state, some milliseconds for each tree.
#include "kern/cgroup.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/sys.h"
#include "kern/cgroup_v1.h"
#include "kern/cgroup_v2.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

// What a container joins whether it has limits or not: they account, and devices are filtered.
static const enum controller joined[] = {
	CONTROLLER_MEMORY, CONTROLLER_PIDS, CONTROLLER_CPU, CONTROLLER_CPUACCT, CONTROLLER_DEVICES,
};

static const char *join_words(struct arena *arena, const char *list, const char *word)
{
	return list ? arena_printf(arena, "%s,%s", list, word) : word;
}

// All controllers of the list above that live in the same tree.
static const char *together(struct arena *arena, const struct facts *facts, const char *tree)
{
	const char *list = NULL;
	for (size_t i = 0; i < lengthof(joined); i++) {
		const struct facts_controller *at = &facts->controller[joined[i]];
		if (at->kind != CGROUP_NONE && str_eq(at->directory, tree))
			list = join_words(arena, list, controller_name(joined[i]));
	}
	return list;
}

static bool listed(const struct cgroup_group *groups, size_t n, const char *directory)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(groups[i].directory, directory))
			return true;
	return false;
}

static void add_group(struct arena *arena, const struct facts *facts, const char *tree,
		      enum cgroup_kind kind, const char *name, struct cgroup_group *groups,
		      size_t *n)
{
	const char *directory = cgroup_path(arena, tree, name);
	if (listed(groups, *n, directory))
		return;
	const char *controllers = together(arena, facts, tree);
	groups[(*n)++] = (struct cgroup_group){
		.kind = kind,
		.directory = directory,
		.controllers = controllers ? controllers : "cgroup2",
		.tasks = kind == CGROUP_V1 ? arena_printf(arena, "%s/tasks", directory) : NULL,
	};
}

static bool has_v1(const struct facts *facts)
{
	for (size_t i = 0; i < lengthof(joined); i++)
		if (facts->controller[joined[i]].kind == CGROUP_V1)
			return true;
	return false;
}

void cgroup_groups(struct arena *arena, const struct facts *facts, const char *name,
		   struct cgroup_group **ret_groups, size_t *ret_n)
{
	struct cgroup_group *groups = arena_array(arena, struct cgroup_group, lengthof(joined) + 1);
	size_t n = 0;
	for (size_t i = 0; i < lengthof(joined); i++) {
		const struct facts_controller *at = &facts->controller[joined[i]];
		if (at->kind != CGROUP_NONE)
			add_group(arena, facts, at->directory, at->kind, name, groups, &n);
	}
	// The filter of devices hangs on a v2 group, which is wanted even without controllers.
	if (facts->cgroup2 && (facts->device_filter || !has_v1(facts)))
		add_group(arena, facts, facts->cgroup2, CGROUP_V2, name, groups, &n);
	*ret_groups = groups;
	*ret_n = n;
}

const char *cgroup_path(struct arena *arena, const char *tree, const char *name)
{
	return arena_printf(arena, "%s/%s", tree, name);
}

void cgroup_add(struct cgroup_list *list, enum controller controller, const char *directory,
		const char *file, const char *value)
{
	assert(list->n < CGROUP_WRITES_MAX);
	list->item[list->n++] = (struct cgroup_write){controller, directory, file, value};
}

static bool given(int64_t limit)
{
	return limit != INT64_MIN;
}

// Refuses a limit whose controller this host does not have.
static int need(const char *limit, enum controller controller, const struct facts *facts)
{
	const char *name = controller_name(controller);
	if (facts->controller[controller].kind != CGROUP_NONE)
		return 0;
	fail(-EOPNOTSUPP, "%s: this host has no cgroup controller '%s'", limit, name);
	if (controller == CONTROLLER_MEMORY)
		fail_hint("some kernels switch it off: boot with cgroup_enable=memory");
	else
		fail_hint("the kernel was built without it, or no tree that has it is mounted");
	return -EOPNOTSUPP;
}

static int check_memory(const struct cgroup_limits *limits, const struct facts *facts)
{
	int64_t memory = limits->memory, both = limits->memory_swap;
	if (!given(memory) && !given(both))
		return 0;
	TRY(need("memory limit", CONTROLLER_MEMORY, facts));
	if ((given(memory) && memory < -1) || (given(both) && both < -1))
		return fail(-ERANGE, "memory limit: below -1, which is no limit");
	if (!given(both) || both == -1)
		return 0;
	if (!facts->swap_accounting) {
		fail(-EOPNOTSUPP,
		     "swap limit: the cgroup controller 'memory' does not account for swap here");
		fail_hint("limit the memory alone; or boot the host with swapaccount=1");
		return -EOPNOTSUPP;
	}
	if (!given(memory) || memory == -1 || both < memory)
		return fail(-EINVAL, "swap limit: it is of memory and swap together, and less than "
				     "the memory's");
	return 0;
}

static int check_cpu(const struct cgroup_limits *limits, const struct facts *facts)
{
	enum { LEAST = 1000, PERIOD_MOST = 1000000 }; // µs, the kernel's own bounds
	int64_t quota = limits->cpu_quota, period = limits->cpu_period;
	if (!given(quota) && !given(period))
		return 0;
	TRY(need("CPU limit", CONTROLLER_CPU, facts));
	if (given(period) && (period < LEAST || period > PERIOD_MOST))
		return fail(-ERANGE,
			    "CPU limit: the cgroup controller 'cpu' takes periods of %d to %d µs, "
			    "not %lld",
			    LEAST, PERIOD_MOST, (long long)period);
	if (given(quota) && quota != -1 && quota < LEAST)
		return fail(-ERANGE,
			    "CPU limit: the cgroup controller 'cpu' takes %d µs or more, not %lld",
			    LEAST, (long long)quota);
	return 0;
}

static int check_pids(const struct cgroup_limits *limits, const struct facts *facts)
{
	if (!given(limits->pids))
		return 0;
	TRY(need("process limit", CONTROLLER_PIDS, facts));
	if (limits->pids < -1)
		return fail(-ERANGE, "process limit: below -1, which is no limit");
	return 0;
}

int cgroup_writes(struct arena *arena, const struct cgroup_limits *limits,
		  const struct facts *facts, const char *name, struct cgroup_write **ret_writes,
		  size_t *ret_n)
{
	struct cgroup_list list = {
		.arena = arena,
		.name = name,
		.item = arena_array(arena, struct cgroup_write, CGROUP_WRITES_MAX),
	};
	TRY(check_memory(limits, facts));
	TRY(check_cpu(limits, facts));
	TRY(check_pids(limits, facts));
	cgroup_v1_writes(&list, limits, facts);
	cgroup_v2_writes(&list, limits, facts);
	*ret_writes = list.item;
	*ret_n = list.n;
	return 0;
}

// Each controller of a shared tree is found under its own name too: "cpu" leads to "cpu,cpuacct".
static void add_links(struct arena *arena, const char *tree, struct cgroup_view *views, size_t *n)
{
	if (!strchr(tree, ','))
		return;
	for (struct str rest = str_of(tree); rest.p;) {
		struct str word = str_cut(&rest, ',');
		views[(*n)++] = (struct cgroup_view){
			.target = arena_dup_n(arena, word.p, word.n),
			.options = tree,
		};
	}
}

void cgroup_views(struct arena *arena, const struct facts *facts, struct cgroup_view **ret_views,
		  size_t *ret_n)
{
	struct cgroup_group *groups;
	size_t groups_n, n = 0;
	cgroup_groups(arena, facts, "", &groups, &groups_n);
	struct cgroup_view *views =
		arena_array(arena, struct cgroup_view, 1 + groups_n + lengthof(joined));
	bool v1 = has_v1(facts);
	if (v1)
		views[n++] = (struct cgroup_view){"", "tmpfs", "mode=755"};
	for (size_t i = 0; i < groups_n; i++) {
		const char *tree = groups[i].controllers;
		if (groups[i].kind == CGROUP_V2) {
			views[n++] = (struct cgroup_view){v1 ? "unified" : "", "cgroup2", ""};
		} else {
			views[n++] = (struct cgroup_view){tree, "cgroup", tree};
			add_links(arena, tree, views, &n);
		}
	}
	*ret_views = views;
	*ret_n = n;
}

int cgroup_make(const char *directory)
{
	if (mkdir(directory, 0755) == 0)
		return 0;
	int error = -errno;
	fail_sys(error, "make cgroup '%s'", directory);
	if (error == -EROFS || error == -EACCES || error == -EPERM)
		fail_hint("tare seems to run in a container itself; --cgroups disabled does "
			  "without limits");
	return error;
}

static int write_entries(const char *directory, const char *file, const char *value)
{
	char path[PATH_MAX];
	if (snprintf(path, sizeof(path), "%s/%s", directory, file) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	_cleanup_fd_ int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	struct str rest = str_of(value);
	for (struct str entry; (entry = str_cut(&rest, CGROUP_ENTRY_END)).n;)
		if (write(fd, entry.p, entry.n) != (ssize_t)entry.n)
			return -errno;
	return 0;
}

int cgroup_set(const char *directory, const char *file, const char *value)
{
	int error = write_entries(directory, file, value);
	if (!error)
		return 0;
	fail_sys(error, "cgroup '%s': write '%s' to %s", directory, value, file);
	if (error == -EBUSY && str_eq(file, "cgroup.subtree_control"))
		fail_hint("processes sit in the topmost cgroup we can see, so it can't hand "
			  "controllers down; move them into a group below it");
	return error;
}
