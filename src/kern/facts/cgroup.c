// SPDX-License-Identifier: Apache-2.0
// cgroup.c - which controllers this host has, and where
//
// A controller (memory, pids, …) is in one place only: on a v1 hierarchy of its own or shared with
// others, or in the one tree of v2. /proc/self/cgroup lists them: a line with controller names is
// a v1 hierarchy, line 0 is v2. So it is decided for each controller, and a host that keeps some
// on v1 and others on v2 needs no special case.
//
// Where the trees are mounted is convention, followed by every distribution:
//
//	/sys/fs/cgroup                     cgroup2, where no v1 hierarchy has controllers
//	/sys/fs/cgroup/memory              cgroup v1, named as its line says: "cpu,cpuacct"
//	/sys/fs/cgroup/unified             cgroup2 beside v1
//
// One statfs(2) proves each. Only where one fails is /proc/self/mountinfo read, which costs as much
// as all of them together and more with every mount.
#include "kern/facts/parts.h"

#include "base/fail.h"
#include "base/fd.h"
#include "kern/cgroup/file.h"
#include "kern/cgroup/devices.h"
#include "kern/mounts/mountinfo.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

static bool is_on(const char *path, long magic)
{
	struct statfs at;
	return statfs(path, &at) == 0 && at.f_type == magic;
}

static bool is_rare(int i)
{
	return i >= CONTROLLER_HUGETLB;
}

static bool known_controller(struct str name, unsigned want, enum controller *ret_controller)
{
	for (int i = 0; i < CONTROLLER_COUNT; i++) {
		if (is_rare(i) && !(want & FACTS_LIMITS))
			break;
		if (str_is(name, controller_name((enum controller)i))) {
			*ret_controller = (enum controller)i;
			return true;
		}
	}
	return false;
}

// Takes one v1 line in. Returns how many controllers we know are on it and not where convention
// says.
static size_t take_v1_line(struct arena *arena, const struct cgroup_line *line, unsigned want,
			   struct facts *facts)
{
	const char *directory = NULL, *own = NULL;
	bool there = false;
	size_t astray = 0;
	enum controller controller;
	for (struct str rest = line->controllers; rest.p;) {
		if (!known_controller(str_cut(&rest, ','), want, &controller))
			continue;
		if (!directory) {
			directory = arena_printf(arena, "/sys/fs/cgroup/%.*s",
						 (int)line->controllers.n, line->controllers.p);
			own = arena_dup_n(arena, line->path.p, line->path.n);
			there = is_on(directory, CGROUP_SUPER_MAGIC);
		}
		facts->controller[controller] = (struct facts_controller){
			.kind = CGROUP_V1,
			.directory = there ? directory : NULL,
			.own = own,
		};
		astray += !there;
	}
	return astray;
}

// Takes all lines in. Returns how many trees were not found.
static int take_lines(struct arena *arena, struct str text, unsigned want, struct facts *facts,
		      size_t *ret_astray)
{
	size_t astray = 0;
	bool v1 = false;
	struct cgroup_line line;
	int got;
	while ((got = cgroup_file_next(&text, &line)) == 0) {
		if (line.hierarchy == 0)
			facts->cgroup2_own = arena_dup_n(arena, line.path.p, line.path.n);
		else
			astray += take_v1_line(arena, &line, want, facts);
		v1 |= line.hierarchy != 0;
	}
	if (got < 0)
		return fail(got, "'/proc/self/cgroup': a line is not of the known form");
	const char *directory = v1 ? "/sys/fs/cgroup/unified" : "/sys/fs/cgroup";
	if (facts->cgroup2_own && is_on(directory, CGROUP2_SUPER_MAGIC))
		facts->cgroup2 = directory;
	else
		astray += facts->cgroup2_own != NULL;
	*ret_astray = astray;
	return 0;
}

// Looks all mounts through for the trees that convention did not show. A mount of a part of a tree
// (a bind, or a container's view) counts as well: its top is what we can reach.
static int take_mounts(struct arena *arena, struct facts *facts)
{
	struct str text;
	int error = file_read(arena, AT_FDCWD, "/proc/self/mountinfo", MOUNTINFO_BYTES_MAX, &text);
	if (error)
		return fail_sys(error, "read '/proc/self/mountinfo'");
	struct mountinfo mount;
	for (int got; (got = mountinfo_next(arena, &text, &mount)) != MOUNTINFO_END;) {
		if (got < 0)
			continue;
		if (str_eq(mount.type, "cgroup2") && facts->cgroup2_own && !facts->cgroup2)
			facts->cgroup2 = mount.target;
		for (int i = 0; i < CONTROLLER_COUNT && str_eq(mount.type, "cgroup"); i++) {
			struct facts_controller *at = &facts->controller[i];
			if (at->kind == CGROUP_V1 && !at->directory &&
			    mountinfo_has(mount.super_options, controller_name((enum controller)i)))
				at->directory = mount.target;
		}
	}
	return 0;
}

// v2 names the same things differently, and does some of them in every group.
static const char *v2_name(enum controller controller)
{
	switch (controller) {
	case CONTROLLER_CPU:
	case CONTROLLER_CPUSET:
	case CONTROLLER_MEMORY:
	case CONTROLLER_PIDS:
	case CONTROLLER_HUGETLB:
	case CONTROLLER_RDMA:
		return controller_name(controller);
	case CONTROLLER_BLKIO:
		return "io";
	case CONTROLLER_CPUACCT:
	case CONTROLLER_DEVICES:
	case CONTROLLER_FREEZER:
	case CONTROLLER_NET_CLS:
	case CONTROLLER_NET_PRIO:
	case CONTROLLER_COUNT:
		break;
	}
	return NULL;
}

static bool has_word(struct str text, const char *word)
{
	struct str line = str_line(&text);
	for (struct str at; (at = str_word(&line)).p;)
		if (str_is(at, word))
			return true;
	return false;
}

static int read_of(struct arena *arena, const char *directory, const char *file,
		   struct str *ret_text)
{
	const char *path = arena_printf(arena, "%s/%s", directory, file);
	int error = file_read_small(arena, path, CGROUP_FILE_MAX, ret_text);
	return error ? fail_sys(error, "read '%s'", path) : 0;
}

// On a host that has all the rest on v1 the rare ones alone are no reason to look.
static bool is_sought(const struct facts *facts, int i, unsigned want)
{
	return facts->controller[i].kind == CGROUP_NONE && v2_name((enum controller)i) &&
	       (!is_rare(i) || want & FACTS_LIMITS);
}

static int take_v2(struct arena *arena, unsigned want, struct facts *facts)
{
	bool wanted = false;
	for (int i = 0; i < CONTROLLER_COUNT; i++)
		wanted |= is_sought(facts, i, want);
	if (!facts->cgroup2 || !wanted)
		return 0;
	struct str there, enabled;
	TRY(read_of(arena, facts->cgroup2, "cgroup.controllers", &there));
	TRY(read_of(arena, facts->cgroup2, "cgroup.subtree_control", &enabled));
	for (int i = 0; i < CONTROLLER_COUNT; i++) {
		const char *name = v2_name((enum controller)i);
		if (!is_sought(facts, i, want) || !has_word(there, name))
			continue;
		facts->controller[i] = (struct facts_controller){
			.kind = CGROUP_V2,
			.directory = facts->cgroup2,
			.own = facts->cgroup2_own,
			.enabled = has_word(enabled, name),
		};
	}
	return 0;
}

static bool exists(struct arena *arena, const char *directory, const char *group, const char *file)
{
	return access(arena_printf(arena, "%s%s/%s", directory, group, file), F_OK) == 0;
}

// The top of a v2 tree has no limits, so the files of our own group are asked. In the top itself
// nothing is to be seen; there the kernel accounts for swap if it can swap at all.
static bool swap_accounting(struct arena *arena, const struct facts *facts)
{
	const struct facts_controller *memory = &facts->controller[CONTROLLER_MEMORY];
	if (memory->kind == CGROUP_V1)
		return exists(arena, memory->directory, "", "memory.memsw.limit_in_bytes");
	if (memory->kind == CGROUP_NONE)
		return false;
	if (exists(arena, memory->directory, memory->own, "memory.swap.max"))
		return true;
	if (exists(arena, memory->directory, memory->own, "memory.max"))
		return false;
	return access("/proc/swaps", F_OK) == 0;
}

int facts_cgroup(struct arena *arena, unsigned want, struct facts *facts)
{
	struct str text;
	int error = file_read_small(arena, "/proc/self/cgroup", CGROUP_FILE_MAX, &text);
	if (error == -ENOENT) // a kernel without cgroups
		return 0;
	if (error)
		return fail_sys(error, "read '/proc/self/cgroup'");
	size_t astray = 0;
	TRY(take_lines(arena, text, want, facts, &astray));
	if (astray)
		TRY(take_mounts(arena, facts));
	for (int i = 0; i < CONTROLLER_COUNT; i++)
		if (!facts->controller[i].directory) // known to the kernel, mounted nowhere
			facts->controller[i] = (struct facts_controller){0};
	TRY(take_v2(arena, want, facts));
	facts->swap_accounting = swap_accounting(arena, facts);
	if (facts->cgroup2 && facts->controller[CONTROLLER_DEVICES].kind == CGROUP_NONE)
		facts->device_filter = devices_v2_works(facts->cgroup2);
	if (want & FACTS_LIMITS)
		facts_limits(arena, facts);
	return 0;
}

bool facts_filter_devices(const struct facts *facts)
{
	return facts->controller[CONTROLLER_DEVICES].kind == CGROUP_V1 || facts->device_filter;
}
