// SPDX-License-Identifier: Apache-2.0
// remove_mapped.c - removing what the users of a container left
//
// In a container of an ordinary user, user 33 is, say, 100032 outside, and so are the files he
// makes. To the caller these are somebody else's. Only in a user namespace that maps that range
// does he, as its root, have power over them.
#include "box/record/remove_mapped.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/remove.h"
#include "kern/namespaces/clone.h"
#include "kern/namespaces/idmap.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

struct task {
	const char *path;
	int ready[2]; // the child reads here until the maps are written
};

static int child(void *argument)
{
	struct task *task = argument;
	char word;
	close(task->ready[1]);
	if (read(task->ready[0], &word, 1) != 1)
		return 1;
	if (setresgid(0, 0, 0) || setresuid(0, 0, 0))
		return 1;
	return remove_tree(AT_FDCWD, task->path) < 0;
}

static int give_maps(struct arena *arena, const struct facts *facts, pid_t pid)
{
	struct id_map uid[] = {{0, facts->uid, 1}, {1, facts->subuid.first, facts->subuid.count}};
	struct id_map gid[] = {{0, facts->gid, 1}, {1, facts->subgid.first, facts->subgid.count}};
	struct id_maps maps = {uid, lengthof(uid), gid, lengthof(gid)};
	enum idmap_way way;
	TRY(idmap_choose(&maps, facts, &way));
	return idmap_apply(arena, pid, way, &maps, facts);
}

static int in_user_namespace(struct arena *arena, const struct facts *facts, const char *path)
{
	struct task task = {.path = path};
	struct clone_want want = {.namespaces = CLONE_NEWUSER, .cgroup = -1};
	_cleanup_fd_ int pidfd = -1;
	pid_t pid;
	if (pipe2(task.ready, O_CLOEXEC))
		return -errno;
	int result = clone_child(&want, child, &task, &pidfd, &pid);
	close(task.ready[0]);
	if (result >= 0)
		result = give_maps(arena, facts, pid);
	if (result >= 0 && write(task.ready[1], "", 1) != 1)
		result = -EPIPE;
	close(task.ready[1]);
	int status = 0;
	if (pidfd >= 0 && waitpid(pid, &status, 0) != pid)
		return -ECHILD;
	return result < 0 ? result : status ? -EACCES : 0;
}

int remove_mapped(struct arena *arena, const struct facts *facts, const char *path)
{
	int result = remove_tree(AT_FDCWD, path);
	if (result != -EACCES && result != -EPERM)
		return result;
	return facts->uid && facts->subuid.count && facts->subgid.count
		       ? in_user_namespace(arena, facts, path)
		       : result;
}
