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
// for its version; v1.c and v2.c know the files:
//
//	limit         v1                                      v2
//	memory        memory.limit_in_bytes                   memory.max
//	memory_swap   memory.memsw.limit_in_bytes (the sum)   memory.swap.max (swap alone)
//	reservation   memory.soft_limit_in_bytes              memory.low
//	swappiness    memory.swappiness                       -
//	oom_kill_off  memory.oom_control                      -
//	cpu           cpu.cfs_period_us, cpu.cfs_quota_us     cpu.max "quota period"
//	cpu_shares    cpu.shares                              cpu.weight
//	rt_…          cpu.rt_period_us, cpu.rt_runtime_us     -
//	cpus, mems    cpuset.cpus, cpuset.mems                the same
//	pids          pids.max                                pids.max
//	io            blkio.throttle.…                        io.max
//	io_weight     blkio.bfq.weight                        io.bfq.weight
//	hugepages     hugetlb.2MB.limit_in_bytes, .rsvd.…     hugetlb.2MB.max, .rsvd.max
//	rdma          rdma.max                                rdma.max
//	net_class     net_cls.classid                         -
//	net_priori…   net_prio.ifpriomap                      -
//	keys          -                                       any
//
// A limit that nobody would enforce is an error. Joining is cheap when a process does it for itself
// (v1: write 0 to tasks) or is born there (v2), and dear when another process is moved: that waits
// until every CPU has passed a quiet state, some milliseconds for each tree.
#include "kern/cgroup/cgroup.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/sys.h"
#include "kern/cgroup/freeze.h"
#include "kern/cgroup/hint.h"
#include "kern/cgroup/v1.h"
#include "kern/cgroup/v2.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

const struct cgroup_limits cgroup_no_limits = {
	.memory = INT64_MIN,
	.memory_swap = INT64_MIN,
	.memory_reservation = INT64_MIN,
	.swappiness = INT64_MIN,
	.cpu_quota = INT64_MIN,
	.cpu_period = INT64_MIN,
	.cpu_burst = INT64_MIN,
	.cpu_shares = INT64_MIN,
	.cpu_idle = INT64_MIN,
	.rt_period = INT64_MIN,
	.rt_runtime = INT64_MIN,
	.pids = INT64_MIN,
	.io_weight = INT64_MIN,
	.net_class = INT64_MIN,
};

// The controllers in the order in which their trees are entered and named.
static const enum controller order[] = {
	CONTROLLER_MEMORY,  CONTROLLER_PIDS,    CONTROLLER_CPU,      CONTROLLER_CPUACCT,
	CONTROLLER_DEVICES, CONTROLLER_CPUSET,  CONTROLLER_BLKIO,    CONTROLLER_HUGETLB,
	CONTROLLER_RDMA,    CONTROLLER_NET_CLS, CONTROLLER_NET_PRIO, CONTROLLER_FREEZER,
};

static const char *join_words(struct arena *arena, const char *list, const char *word)
{
	return list ? arena_printf(arena, "%s,%s", list, word) : word;
}

static bool is_wanted(unsigned wanted, enum controller controller)
{
	return wanted >> controller & 1;
}

// All controllers wanted that live in the same tree.
static const char *together(struct arena *arena, const struct facts *facts, unsigned wanted,
			    const char *tree)
{
	const char *list = NULL;
	for (size_t i = 0; i < lengthof(order); i++) {
		const struct facts_controller *at = &facts->controller[order[i]];
		if (is_wanted(wanted, order[i]) && at->kind != CGROUP_NONE &&
		    str_eq(at->directory, tree))
			list = join_words(arena, list, controller_name(order[i]));
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

static bool has_v1(const struct facts *facts)
{
	for (size_t i = 0; i < lengthof(order); i++)
		if (is_wanted(CGROUP_ALWAYS, order[i]) &&
		    facts->controller[order[i]].kind == CGROUP_V1)
			return true;
	return false;
}

// The list that cgroup_groups fills.
struct groups {
	struct arena *arena;
	const struct facts *facts;
	unsigned wanted;
	const char *name;
	struct cgroup_group *item;
	size_t n;
};

static void add_group(struct groups *groups, const char *tree, enum cgroup_kind kind)
{
	const char *directory = cgroup_path(groups->arena, tree, groups->name);
	if (listed(groups->item, groups->n, directory))
		return;
	const char *controllers = together(groups->arena, groups->facts, groups->wanted, tree);
	groups->item[groups->n++] = (struct cgroup_group){
		.kind = kind,
		.tree = tree,
		.directory = directory,
		.controllers = controllers ? controllers : "cgroup2",
		.tasks = kind == CGROUP_V1 ? arena_printf(groups->arena, "%s/tasks", directory)
					   : NULL,
	};
}

void cgroup_groups(struct arena *arena, const struct facts *facts, unsigned wanted,
		   const char *name, struct cgroup_group **ret_groups, size_t *ret_n)
{
	struct groups groups = {arena, facts, wanted, name, NULL, 0};
	groups.item = arena_array(arena, struct cgroup_group, lengthof(order) + 1);
	for (size_t i = 0; i < lengthof(order); i++) {
		const struct facts_controller *at = &facts->controller[order[i]];
		if (is_wanted(wanted, order[i]) && at->kind != CGROUP_NONE)
			add_group(&groups, at->directory, at->kind);
	}
	// The filter of devices hangs on a v2 group, which is wanted even without controllers.
	bool filtered =
		is_wanted(wanted, CONTROLLER_DEVICES) && (facts->device_filter || !has_v1(facts));
	if (facts->cgroup2 && (filtered || is_wanted(wanted, CONTROLLER_COUNT)))
		add_group(&groups, facts->cgroup2, CGROUP_V2);
	*ret_groups = groups.item;
	*ret_n = groups.n;
}

const char *cgroup_path(struct arena *arena, const char *tree, const char *name)
{
	return arena_printf(arena, "%s/%s", tree, name);
}

void cgroup_add(struct cgroup_list *list, enum controller controller, const char *directory,
		const char *file, const char *value)
{
	assert(list->n < list->room);
	list->item[list->n++] = (struct cgroup_write){controller, directory, file, value};
}

int cgroup_writes(struct arena *arena, const struct cgroup_limits *limits,
		  const struct facts *facts, const char *name, struct cgroup_write **ret_writes,
		  size_t *ret_n)
{
	struct cgroup_list list = {
		.arena = arena,
		.name = name,
	};
	TRY(cgroup_check(limits, facts));
	list.item = arena_array(arena, struct cgroup_write,
				CGROUP_WRITES_MAX + 2 * limits->hugepages_n + limits->keys_n);
	list.room = CGROUP_WRITES_MAX + 2 * limits->hugepages_n + limits->keys_n;
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

void cgroup_views(struct arena *arena, const struct facts *facts, unsigned joined,
		  struct cgroup_view **ret_views, size_t *ret_n)
{
	struct cgroup_group *groups;
	size_t groups_n, n = 0;
	cgroup_groups(arena, facts, joined, "", &groups, &groups_n);
	struct cgroup_view *views =
		arena_array(arena, struct cgroup_view, 1 + groups_n + lengthof(order));
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
	if (geteuid())
		fail_hint("the group above must be there and be this user's: root makes it, and "
			  "hands it over with chown -R");
	else if (error == -EROFS || error == -EACCES || error == -EPERM)
		fail_hint("tare seems to run in a container itself; --cgroups disabled does "
			  "without limits");
	return error;
}

int cgroup_take(const char *directory)
{
	char path[PATH_MAX], byte;
	if (access(directory, F_OK))
		return cgroup_make(directory);
	int n = snprintf(path, sizeof(path), "%s/cgroup.procs", directory);
	_cleanup_fd_ int fd = n < (int)sizeof(path) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return fail_sys(-errno, "cgroup '%s': read who is in it", directory);
	if (read(fd, &byte, 1) > 0) {
		fail(-EBUSY, "cgroup '%s': it is there, and processes are in it", directory);
		fail_hint("a container wants a group to itself: name another one, or end them");
		return -EBUSY;
	}
	if (!cgroup_is_frozen(directory))
		return 0;
	fail(-EBUSY, "cgroup '%s': it is there, and frozen", directory);
	fail_hint("whoever froze it has to thaw it: no process of a container would run in it");
	return -EBUSY;
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
	cgroup_hint(directory, file, error);
	return error;
}
