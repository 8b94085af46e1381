// SPDX-License-Identifier: Apache-2.0
// parent.c - the groups above a container's own
//
// A group that was handed over to a user (see facts/delegated.c) holds his process, and must be
// empty before it can hand controllers on: cgroup_take_over.
//
// --cgroup-parent names a group to stand in, whose own limits then hold for all that are in it. Its
// path is walked from the top of the tree, name by name, and what is not there is made; it stays,
// as other containers may come into it. On v1 a new cpuset is empty and would take nobody below it,
// so it gets what the group above has.
#include "kern/cgroup/cgroup.h"

#include "base/buf.h"
#include "base/fail.h"
#include "base/fd.h"
#include "base/str.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

enum { VALUE_MAX = 4096 }; // bytes of a file that is passed on

// Reads a short file. Returns how many bytes, without the newline at the end, or a negative errno.
static ssize_t read_value(int at, const char *path, char *value)
{
	_cleanup_fd_ int fd = openat(at, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ssize_t n = read(fd, value, VALUE_MAX);
	if (n < 0)
		return -errno;
	while (n && (value[n - 1] == '\n' || value[n - 1] == '\0'))
		n--;
	return n;
}

static int inherit(int at, const char *file)
{
	char above[64], value[VALUE_MAX];
	if (snprintf(above, sizeof(above), "../%s", file) >= (int)sizeof(above))
		return -ENAMETOOLONG;
	ssize_t n = read_value(at, above, value);
	if (n <= 0)
		return n < 0 ? (int)n : -ENODATA;
	return file_put(at, file, value, (size_t)n);
}

int cgroup_inherit(const char *directory, const char *file)
{
	_cleanup_fd_ int at = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = at < 0 ? -errno : inherit(at, file);
	return result < 0 ? fail_sys(result, "cgroup '%s': take %s over from the group above",
				     directory, file)
			  : 0;
}

// A new cpuset of v1 is empty; on v2 an empty file means what the group above has.
static int fill(int at, const char *directory)
{
	static const char *const files[] = {"cpuset.cpus", "cpuset.mems"};
	if (faccessat(at, "cgroup.controllers", F_OK, 0) == 0)
		return 0;
	for (size_t i = 0; i < lengthof(files); i++) {
		char value[VALUE_MAX];
		ssize_t n = read_value(at, files[i], value);
		if (n != 0) // it has one, or this is no cpuset
			continue;
		int result = inherit(at, files[i]);
		if (result < 0)
			return fail_sys(result, "cgroup '%s': take %s over from the group above",
					directory, files[i]);
	}
	return 0;
}

static int step_into(int *at, const char *tree, const char *name)
{
	bool made = mkdirat(*at, name, 0755) == 0;
	if (!made && errno != EEXIST) {
		int error = -errno;
		return fail_sys(error, "cgroup '%s': make group '%s'", tree, name);
	}
	int next = openat(*at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (next < 0)
		return fail_sys(-errno, "cgroup '%s': open group '%s'", tree, name);
	fd_close(at);
	*at = next;
	return made ? fill(next, name) : 0;
}

int cgroup_make_parents(const char *tree, const char *path)
{
	char name[NAME_MAX + 1];
	_cleanup_fd_ int at = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (at < 0)
		return fail_sys(-errno, "open cgroup '%s'", tree);
	for (struct str rest = str_of(path); rest.p;) {
		struct str part = str_cut(&rest, '/');
		if (!part.n || part.n > NAME_MAX || part.p[0] == '.')
			return fail(-EINVAL, "cgroup '%s': not a path of groups", path);
		memcpy(name, part.p, part.n);
		name[part.n] = '\0';
		TRY(step_into(&at, tree, name));
	}
	return 0;
}

int cgroup_take_over(const char *directory, const char *words)
{
	_cleanup_fd_ int at = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (at < 0)
		return fail_sys(-errno, "open cgroup '%s'", directory);
	if (mkdirat(at, CGROUP_SUPERVISOR, 0755) && errno != EEXIST) {
		int error = -errno;
		return fail_sys(error, "make cgroup '%s/" CGROUP_SUPERVISOR "'", directory);
	}
	int result = file_put(at, CGROUP_SUPERVISOR "/cgroup.procs", "0", 1);
	if (result < 0)
		return fail_sys(result, "enter cgroup '%s/" CGROUP_SUPERVISOR "'", directory);
	result = *words ? file_put(at, "cgroup.subtree_control", words, strlen(words)) : 0;
	if (result < 0)
		fail_sys(result, "cgroup '%s': write '%s' to cgroup.subtree_control", directory,
			 words);
	if (result == -EBUSY)
		fail_hint("other processes are in that group");
	return result;
}

void cgroup_leave(const char *directory, const char *words)
{
	_cleanup_fd_ int at = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (at < 0)
		return;
	if (*words)
		file_put(at, "cgroup.subtree_control", words, strlen(words));
	file_put(at, "cgroup.procs", "0", 1);
	unlinkat(at, CGROUP_SUPERVISOR, AT_REMOVEDIR);
}
