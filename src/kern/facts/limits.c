// SPDX-License-Identifier: Apache-2.0
// limits.c - what only the rarer limits of cgroups need to know
//
// Which processors and memory nodes a set can be made of: the cgroup tree knows, as the kernel
// takes away those that are switched off; where the controller is not there, sysfs does. Whether
// real-time processes have a budget a group: then v1's top has the file. And the I/O scheduler of
// the disks, since one alone heeds weights.
#include "kern/facts/parts.h"

#include "base/fd.h"
#include <dirent.h>
#include <unistd.h>

enum { LINE_BYTES_MAX = 16 << 10, DISKS_MAX = 256 };

// The first line of the first of these files that has one; NULL: none.
static const char *first_line(struct arena *arena, const char *const *paths, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str text;
		if (!paths[i] || file_read_small(arena, paths[i], LINE_BYTES_MAX, &text))
			continue;
		struct str line = str_line(&text);
		if (line.p && line.n)
			return arena_dup_n(arena, line.p, line.n);
	}
	return NULL;
}

static const char *in_tree(struct arena *arena, const char *tree, const char *file)
{
	return tree ? arena_printf(arena, "%s/%s", tree, file) : NULL;
}

// "mq-deadline" of "[mq-deadline] kyber bfq none"; NULL where none is marked, or "none" is.
static const char *marked(struct arena *arena, struct str line)
{
	str_cut(&line, '[');
	struct str name = str_cut(&line, ']');
	if (!name.p || !name.n || str_is(name, "none"))
		return NULL;
	return arena_dup_n(arena, name.p, name.n);
}

// "bfq" where a disk has it, else what another one has; "none" where disks have none.
static const char *io_scheduler(struct arena *arena)
{
	const char *best = NULL;
	DIR *disks = opendir("/sys/block");
	if (!disks)
		return NULL;
	struct dirent *disk;
	for (int n = 0; n < DISKS_MAX && (disk = readdir(disks)); n++) {
		struct str text;
		const char *path =
			arena_printf(arena, "/sys/block/%s/queue/scheduler", disk->d_name);
		if (disk->d_name[0] == '.' || file_read_small(arena, path, LINE_BYTES_MAX, &text))
			continue;
		const char *name = marked(arena, str_line(&text));
		if (!best || (name && !str_eq(best, "bfq")))
			best = name ? name : "none";
	}
	closedir(disks);
	return best;
}

void facts_limits(struct arena *arena, struct facts *facts)
{
	const char *tree = facts->controller[CONTROLLER_CPUSET].directory;
	const char *const cpus[] = {
		in_tree(arena, tree, "cpuset.cpus.effective"),
		in_tree(arena, tree, "cpuset.effective_cpus"),
		"/sys/devices/system/cpu/online",
	};
	const char *const mems[] = {
		in_tree(arena, tree, "cpuset.mems.effective"),
		in_tree(arena, tree, "cpuset.effective_mems"),
		"/sys/devices/system/node/online",
	};
	facts->cpus = first_line(arena, cpus, lengthof(cpus));
	facts->mems = first_line(arena, mems, lengthof(mems));
	const struct facts_controller *cpu = &facts->controller[CONTROLLER_CPU];
	facts->rt_groups = cpu->kind == CGROUP_V1 &&
			   access(in_tree(arena, cpu->directory, "cpu.rt_runtime_us"), F_OK) == 0;
	facts->io_scheduler = io_scheduler(arena);
}
