// SPDX-License-Identifier: Apache-2.0
// idmap_namespace.c - a user namespace that is nothing but its id maps
//
// mount_setattr(2) takes the mapping of an id-mapped mount from a user namespace, and a user
// namespace comes into being with a process. So a child is made that does nothing; its maps are
// written, its namespace is opened, and it is killed. The namespace stays as long as the descriptor
// or the mount.
#include "kern/mounts/idmap_namespace.h"

#include "base/fail.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t idle_child(void)
{
	pid_t parent = getpid();
	long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL);
	if (pid)
		return pid < 0 ? -errno : (pid_t)pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	// Dead already; in the namespace of its child every other process has a number, too.
	if (getppid() != parent)
		_exit(0);
	for (;;)
		pause();
}

int idmap_namespace(struct arena *arena, const struct id_maps *maps, const struct facts *facts)
{
	enum idmap_way way;
	char path[64];
	TRY(idmap_choose(maps, facts, &way));
	pid_t pid = idle_child();
	if (pid < 0)
		return fail_sys(pid, "make a user namespace for id-mapped mounts");
	int result = idmap_apply(arena, pid, way, maps, facts);
	if (result >= 0) {
		snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
		result = open(path, O_RDONLY | O_CLOEXEC);
		if (result < 0)
			result = fail_sys(-errno, "open '%s'", path);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return result;
}
