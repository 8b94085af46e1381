// SPDX-License-Identifier: Apache-2.0
// chown.c - giving a whole tree to another owner
//
// The tree may be changed meanwhile by whoever owns it, a container for instance that shares it. So
// nothing is used by name twice: a directory's entry is opened once, as a plain name beneath the
// directory just read, with links and mount points refused by openat2(2), and what was opened is
// looked at, given away and descended into by that descriptor.
#include "kern/mounts/chown.h"

#include "base/sys.h"
#include "kern/mounts/entries.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>

struct work {
	uint32_t uid, gid;
	int fd[CHOWN_DEPTH_MAX]; // directories that are being read, the deepest last
	size_t depth;
	struct entries entries;
};

static int open_entry(int directory, const char *name, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_NOFOLLOW | O_CLOEXEC),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};
	// O_NOFOLLOW with O_PATH opens a link itself, which NO_SYMLINKS refuses.
	if (flags & O_PATH)
		how.resolve &= ~(uint64_t)RESOLVE_NO_SYMLINKS;
	return (int)sys_call(SYS_openat2, directory, name, &how, sizeof(how));
}

// Gives away what the descriptor is open on; says its type.
static int give(const struct work *work, int fd, mode_t *ret_mode)
{
	struct stat status;
	TRY((int)sys_call(SYS_newfstatat, fd, "", &status, AT_EMPTY_PATH));
	*ret_mode = status.st_mode;
	if (status.st_uid == work->uid && status.st_gid == work->gid)
		return 0;
	return (int)sys_call(SYS_fchownat, fd, "", work->uid, work->gid, AT_EMPTY_PATH);
}

// Opens a directory for reading that is open as a path only, and makes it the deepest.
static int descend(struct work *work, int path)
{
	if (work->depth == CHOWN_DEPTH_MAX)
		return -EMLINK;
	int fd = open_entry(path, ".", O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return fd;
	work->fd[work->depth++] = fd;
	return 0;
}

static int take_entry(void *context, const char *name)
{
	struct work *work = context;
	mode_t mode;
	int directory = work->fd[work->depth - 1];
	int path = open_entry(directory, name, O_PATH);
	// A mount point, or gone by now: not ours to give.
	if (path == -EXDEV || path == -ENOENT)
		return 0;
	if (path < 0)
		return path;
	int result = give(work, path, &mode);
	bool below = result >= 0 && S_ISDIR(mode);
	if (below)
		result = descend(work, path);
	sys_call(SYS_close, path);
	return result < 0 ? result : below ? ENTRIES_WENT_IN : 0;
}

int chown_tree(int top, uint32_t uid, uint32_t gid)
{
	struct work work = {.uid = uid, .gid = gid};
	mode_t mode;
	TRY(give(&work, top, &mode));
	if (!S_ISDIR(mode))
		return 0;
	int result = descend(&work, top);
	while (result >= 0 && work.depth) {
		result = entries_take(work.fd[work.depth - 1], &work.entries, take_entry, &work);
		if (result == 0)
			sys_call(SYS_close, work.fd[--work.depth]);
	}
	while (work.depth)
		sys_call(SYS_close, work.fd[--work.depth]);
	return min_of(result, 0);
}
