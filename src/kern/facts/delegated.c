// SPDX-License-Identifier: Apache-2.0
// delegated.c - where an ordinary user may have cgroups on v2
//
// The tree of cgroup v2 is root's. A part of it can be handed over: whoever owns a group's
// directory and its files cgroup.procs and cgroup.subtree_control may make groups below it and
// spread its processes over them. A process can't be moved into such a part from outside, not by
// its user: the owner of the files of both places' nearest common group alone may do that.
//
// Two ways lead there. The caller may stand in such a group already, alone (systemd-run --user
// --scope -p Delegate=yes). Or the user has a service manager, which owns
//
//	/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service
//
// and, asked over its bus, makes a scope there and has the caller moved into it.
#include "kern/facts/parts.h"

#include "base/fd.h"
#include "kern/cgroup/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_writable(struct arena *arena, const char *directory, const char *file)
{
	return faccessat(AT_FDCWD, arena_printf(arena, "%s/%s", directory, file), W_OK,
			 AT_EACCESS) == 0;
}

// Whether nobody but us is in the group, and no group below it.
static bool is_ours_alone(struct arena *arena, const char *directory)
{
	struct str text;
	struct stat status;
	uint64_t pid;
	if (stat(directory, &status) || status.st_nlink > 2 ||
	    file_read_small(arena, arena_printf(arena, "%s/cgroup.procs", directory),
			    CGROUP_FILE_MAX, &text))
		return false;
	return !str_number(str_line(&text), INT32_MAX, &pid) && (pid_t)pid == getpid() && !text.n;
}

static bool take_group(struct arena *arena, struct facts *facts, const char *path)
{
	struct str text;
	const char *directory = arena_printf(arena, "%s%s", facts->cgroup2, path);
	if (file_read_small(arena, arena_printf(arena, "%s/cgroup.controllers", directory),
			    CGROUP_FILE_MAX, &text))
		return false;
	struct str line = str_line(&text);
	if (!line.p || !line.n)
		return false; // no controller: nothing to limit with
	facts->delegated = path;
	facts->delegated_controllers = arena_dup_n(arena, line.p, line.n);
	return true;
}

void facts_delegated(struct arena *arena, struct facts *facts)
{
	const char *own = facts->cgroup2_own;
	if (!facts->cgroup2 || !own)
		return;
	if (str_eq(own, "/"))
		own = "";
	const char *directory = arena_printf(arena, "%s%s", facts->cgroup2, own);
	if (is_writable(arena, directory, "") && is_writable(arena, directory, "cgroup.procs") &&
	    is_writable(arena, directory, "cgroup.subtree_control") &&
	    is_ours_alone(arena, directory) && take_group(arena, facts, own))
		return;
	if (access(arena_printf(arena, "/run/user/%u/bus", facts->uid), F_OK))
		return;
	const char *manager = arena_printf(arena, "/user.slice/user-%u.slice/user@%u.service",
					   facts->uid, facts->uid);
	facts->service_manager = take_group(arena, facts, manager);
}
