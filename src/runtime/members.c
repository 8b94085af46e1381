// SPDX-License-Identifier: Apache-2.0
// members.c - all processes of a container
//
// A number that was read from a list may be another process's by the time it is used. So a process
// is taken hold of first, and signalled only if it is still on a list that is read afterwards.
#include "runtime/members.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/sys.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	DEPTH_MAX = 16,       // groups inside one another
	LIST_MAX = 4 << 20,   // bytes of a list of processes
	HELD_AT_ONCE = 256,   // descriptors
	ROUNDS_MAX = 64,      // of killing what forks meanwhile
	ROUND_PAUSE = 2000000 // ns
};

static void add(struct arena *arena, struct members *members, size_t *room, pid_t pid)
{
	if (members->n == *room) {
		*room = max_of(*room * 2, (size_t)64);
		pid_t *more = arena_array(arena, pid_t, *room);
		if (members->n)
			memcpy(more, members->pid, members->n * sizeof(*more));
		members->pid = more;
	}
	members->pid[members->n++] = pid;
}

struct reader {
	struct arena *arena;
	struct members members;
	size_t room;
};

// --- of a group ---------------------------------------------------------------------------------

// 0 stands for a process that our pid namespace does not show.
static int read_procs(struct reader *reader, int at)
{
	struct str text;
	int result = file_read(reader->arena, at, "cgroup.procs", LIST_MAX, &text);
	if (result < 0)
		return result == -ENODEV || result == -EOPNOTSUPP ? 0 : result;
	for (struct str line; (line = str_line(&text)).p;) {
		uint64_t pid;
		if (!str_number(line, INT32_MAX, &pid) && pid)
			add(reader->arena, &reader->members, &reader->room, (pid_t)pid);
	}
	return 0;
}

static int read_group(struct reader *reader, int parent, const char *name, int depth)
{
	int at = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (at < 0)
		return errno == ENOENT ? 0 : -errno;
	int result = read_procs(reader, at);
	DIR *list = fdopendir(at);
	if (!list) {
		close(at);
		return -ENOMEM;
	}
	for (struct dirent *entry; result == 0 && depth && (entry = readdir(list));)
		if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
			result = read_group(reader, at, entry->d_name, depth - 1);
	closedir(list);
	return result;
}

// --- of a pid namespace -------------------------------------------------------------------------

static bool namespace_of(int proc, const char *name, struct stat *ret_status)
{
	char path[64];
	int n = snprintf(path, sizeof(path), "%s/ns/pid", name);
	return n < (int)sizeof(path) && fstatat(proc, path, ret_status, 0) == 0;
}

static int read_namespace(struct reader *reader, const struct container *container)
{
	struct stat ours, each;
	char first[24];
	snprintf(first, sizeof(first), "%lld", (long long)container->first.pid);
	DIR *list = opendir("/proc");
	if (!list)
		return -errno;
	if (namespace_of(dirfd(list), first, &ours))
		for (struct dirent *entry; (entry = readdir(list));) {
			uint64_t pid;
			if (!str_number(str_of(entry->d_name), INT32_MAX, &pid) && pid &&
			    namespace_of(dirfd(list), entry->d_name, &each) &&
			    each.st_dev == ours.st_dev && each.st_ino == ours.st_ino)
				add(reader->arena, &reader->members, &reader->room, (pid_t)pid);
		}
	closedir(list);
	return 0;
}

// --- both ---------------------------------------------------------------------------------------

static int by_number(const void *a, const void *b)
{
	pid_t one = *(const pid_t *)a, other = *(const pid_t *)b;
	return (one > other) - (one < other);
}

int members_read(struct arena *arena, const struct container *container,
		 struct members *ret_members)
{
	struct reader reader = {.arena = arena};
	const char *group = container->freezer     ? container->freezer
			    : container->cgroups.n ? container->cgroups.item[0]
						   : NULL;
	int result = 0;
	if (group)
		result = read_group(&reader, AT_FDCWD, group, DEPTH_MAX);
	else if (container->pid_namespace)
		result = container->pidfd < 0 ? 0 : read_namespace(&reader, container);
	else
		return fail(-EOPNOTSUPP,
			    "container '%s': it has neither cgroup nor pid namespace: its "
			    "processes are not known",
			    container->id);
	if (result < 0)
		return fail_sys(result, "read the processes of container '%s'", container->id);
	if (reader.members.n)
		qsort(reader.members.pid, reader.members.n, sizeof(pid_t), by_number);
	*ret_members = reader.members;
	return 0;
}

bool members_has(const struct members *members, pid_t pid)
{
	return members->n &&
	       bsearch(&pid, members->pid, members->n, sizeof(pid), by_number) != NULL;
}

static int signal_some(struct arena *arena, const struct container *container,
		       const struct members *some, int signal, size_t *ret_sent)
{
	int held[HELD_AT_ONCE];
	struct members still;
	for (size_t i = 0; i < some->n; i++)
		held[i] = (int)sys_call(SYS_pidfd_open, some->pid[i], 0);
	int result = members_read(arena, container, &still);
	for (size_t i = 0; i < some->n; i++) {
		if (result == 0 && held[i] >= 0 && members_has(&still, some->pid[i]) &&
		    sys_call(SYS_pidfd_send_signal, held[i], signal, NULL, 0) == 0)
			++*ret_sent;
		fd_close(&held[i]);
	}
	return result;
}

static int signal_round(struct arena *arena, const struct container *container, int signal,
			size_t *ret_sent)
{
	struct members all;
	*ret_sent = 0;
	TRY(members_read(arena, container, &all));
	for (size_t i = 0; i < all.n; i += HELD_AT_ONCE) {
		struct members some = {all.pid + i, min_of(all.n - i, (size_t)HELD_AT_ONCE)};
		TRY(signal_some(arena, container, &some, signal, ret_sent));
	}
	return 0;
}

int members_signal(struct arena *arena, const struct container *container, int signal)
{
	size_t sent = 0, again = 0;
	TRY(signal_round(arena, container, signal, &sent));
	if (!sent)
		return fail(-ESRCH, "signal '%s': container not running: it has no processes",
			    container->id);
	TRY(container_let_die(container, signal));
	again = signal == SIGKILL ? sent : 0;
	for (int round = 0; again && round < ROUNDS_MAX; round++) {
		nanosleep(&(struct timespec){0, ROUND_PAUSE}, NULL);
		TRY(signal_round(arena, container, signal, &again));
	}
	return 0;
}
