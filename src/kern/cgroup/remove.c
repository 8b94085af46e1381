// SPDX-License-Identifier: Apache-2.0
// remove.c - taking a container's cgroups away
//
// A group goes by rmdir(2), which the kernel refuses with EBUSY while a process or a group is left
// in it. Usually none is: with process 1 of its pid namespace a container dies whole. But a
// process that has just died may be counted for a moment, and a privileged container may have made
// groups of its own. So: try; else kill what is in there, remove what is below, wait a little, try
// again, for three seconds. What is not removed stays for ever, and its name can't be used again.
//
// v2 kills a whole group by one write to cgroup.kill. On v1 the members are read and killed one by
// one; a number read from a list may belong to somebody else by the time it is used, so each is
// taken hold of by a pidfd first, and killed only if the list still names it afterwards.
#include "kern/cgroup/cgroup.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/sys.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <signal.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

enum {
	DEPTH_MAX = 16,        // groups inside one another; a container's own are few
	KILLED_AT_ONCE = 64,   // v1: members a round
	WAIT_FIRST = 200,      // µs, doubled each round
	WAIT_MOST = 50000,     // µs
	WAIT_IN_ALL = 3000000, // µs
};

static bool is_path(const char *directory)
{
	const char *name = strrchr(directory, '/');
	return directory[0] == '/' && !strstr(directory, "/../") && name[1] &&
	       !str_eq(name, "/..") && !str_eq(name, "/.");
}

// Whether the last part of the path is our prefix and something.
static bool is_ours(const char *directory)
{
	const char *name = strrchr(directory, '/');
	return name && str_starts(name + 1, CGROUP_PREFIX) && name[1 + strlen(CGROUP_PREFIX)];
}

// Only a group has the file; the top of a tree of v1 has one besides that groups lack, that of v2
// lacks one that groups have.
static bool is_top(const char *directory, bool v2)
{
	char file[PATH_MAX];
	int n = snprintf(file, sizeof(file), "%s/%s", directory,
			 v2 ? "cgroup.type" : "cgroup.sane_behavior");
	return n >= (int)sizeof(file) || (access(file, F_OK) == 0) != v2;
}

// Reads up to KILLED_AT_ONCE process numbers; 0 stands for one outside our pid namespace.
static size_t read_members(int at, pid_t *members)
{
	char text[KILLED_AT_ONCE * 12];
	_cleanup_fd_ int fd = openat(at, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof(text));
	struct str rest = {text, got > 0 ? (size_t)got : 0};
	size_t n = 0;
	while (n < KILLED_AT_ONCE && rest.n && memchr(rest.p, '\n', rest.n)) {
		uint64_t number;
		if (!str_number(str_line(&rest), INT32_MAX, &number) && number)
			members[n++] = (pid_t)number;
	}
	return n;
}

static bool is_member(pid_t pid, const pid_t *members, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (members[i] == pid)
			return true;
	return false;
}

static void kill_members(int at)
{
	pid_t members[KILLED_AT_ONCE], still[KILLED_AT_ONCE];
	int held[KILLED_AT_ONCE];
	size_t n = read_members(at, members);
	for (size_t i = 0; i < n; i++)
		held[i] = (int)sys_call(SYS_pidfd_open, members[i], 0);
	size_t still_n = read_members(at, still);
	for (size_t i = 0; i < n; i++) {
		if (held[i] >= 0 && is_member(members[i], still, still_n))
			sys_call(SYS_pidfd_send_signal, held[i], SIGKILL, NULL, 0);
		fd_close(&held[i]);
	}
}

static int remove_tree(int parent, const char *name, bool v2, int depth);

static void remove_below(int at, bool v2, int depth)
{
	int copy = openat(at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = copy < 0 ? NULL : fdopendir(copy);
	if (!list) {
		fd_close(&copy);
		return;
	}
	for (struct dirent *entry; (entry = readdir(list));)
		if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
			remove_tree(at, entry->d_name, v2, depth);
	closedir(list);
}

// Returns -EBUSY as long as somebody is left.
static int remove_tree(int parent, const char *name, bool v2, int depth)
{
	if (unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	if (errno != EBUSY || depth == 0)
		return -errno;
	_cleanup_fd_ int at = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (at < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!v2 || file_put(at, "cgroup.kill", "1", 1))
		kill_members(at);
	remove_below(at, v2, depth - 1);
	return unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT ? 0 : -errno;
}

int cgroup_remove(const char *directory)
{
	if (!is_path(directory))
		return fail(-EINVAL, "remove cgroup '%s': not a path of one", directory);
	struct statfs on;
	if (statfs(directory, &on) < 0)
		return errno == ENOENT ? 0 : fail_sys(-errno, "remove cgroup '%s'", directory);
	bool v2 = on.f_type == CGROUP2_SUPER_MAGIC;
	if (!v2 && on.f_type != CGROUP_SUPER_MAGIC)
		return fail(-EINVAL, "remove cgroup '%s': it is not in a tree of cgroups",
			    directory);
	if (!is_ours(directory) && is_top(directory, v2))
		return fail(-EINVAL, "remove cgroup '%s': it is the top of a tree", directory);
	int error = remove_tree(AT_FDCWD, directory, v2, DEPTH_MAX);
	long pause = WAIT_FIRST;
	for (long waited = 0; error == -EBUSY && waited < WAIT_IN_ALL; waited += pause) {
		pause = min_of(pause * 2, (long)WAIT_MOST);
		nanosleep(&(struct timespec){0, pause * 1000}, NULL);
		error = remove_tree(AT_FDCWD, directory, v2, DEPTH_MAX);
	}
	return error ? fail_sys(error, "remove cgroup '%s'", directory) : 0;
}

int cgroup_remove_own(const char *directory)
{
	if (!is_ours(directory))
		return fail(-EINVAL, "remove cgroup '%s': not one of tare's", directory);
	return cgroup_remove(directory);
}
