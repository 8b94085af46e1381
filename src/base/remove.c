// SPDX-License-Identifier: Apache-2.0
// remove.c - taking away a tree that somebody hostile may have made
//
// A container can leave a tree a million directories deep. Recursion would need a descriptor and a
// stack frame for each level; instead a directory found below DEPTH_MAX is moved up to the top of
// the tree, under a name of its own, and is met again there.
#include "base/remove.h"

#include "base/fd.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DEPTH_MAX = 32 };

struct removal {
	int top;        // the tree's own directory
	unsigned moved; // subtrees that were moved up to it
	int error;      // the first
};

static void note(struct removal *removal, int error)
{
	if (error < 0 && !removal->error)
		removal->error = error;
}

enum { INSIDE = RESOLVE_NO_XDEV | RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS };

// A directory may deny its owner whatever it takes to empty it, as the overlay's work directory
// does. Its mode is of no use to anybody any more.
static int open_directory(int parent, const char *name, uint64_t resolve)
{
	struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
		.resolve = resolve,
	};
	struct stat status;
	long fd = syscall(SYS_openat2, parent, name, &how, sizeof(how));
	if (fd < 0 && errno == EACCES && fchmodat(parent, name, S_IRWXU, AT_SYMLINK_NOFOLLOW) == 0)
		fd = syscall(SYS_openat2, parent, name, &how, sizeof(how));
	if (fd < 0)
		return -errno;
	if (fstat((int)fd, &status) == 0 && (status.st_mode & S_IRWXU) != S_IRWXU)
		fchmod((int)fd, S_IRWXU);
	return (int)fd;
}

// The tree may have names like ours: the next number then. A directory that is moved is written to,
// as its ".." changes.
static int move_up(struct removal *removal, int parent, const char *name)
{
	char moved[32];
	do {
		snprintf(moved, sizeof(moved), ".moved-%u", removal->moved++);
		if (renameat(parent, name, removal->top, moved) == 0)
			return 0;
		if (errno == EACCES && fchmodat(parent, name, S_IRWXU, AT_SYMLINK_NOFOLLOW) == 0 &&
		    renameat(parent, name, removal->top, moved) == 0)
			return 0;
	} while (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR);
	return -errno;
}

static void empty(struct removal *removal, int directory, unsigned depth);

static void remove_directory(struct removal *removal, int parent, const char *name, unsigned depth)
{
	if (depth >= DEPTH_MAX) {
		note(removal, move_up(removal, parent, name));
		return;
	}
	_cleanup_fd_ int fd = open_directory(parent, name, INSIDE);
	if (fd == -ENOENT)
		return;
	if (fd >= 0)
		empty(removal, fd, depth + 1);
	if (unlinkat(parent, name, AT_REMOVEDIR) && errno != ENOENT)
		note(removal, fd < 0 ? fd : -errno);
}

static void remove_entry(struct removal *removal, int directory, const char *name, unsigned depth)
{
	if (unlinkat(directory, name, 0) == 0 || errno == ENOENT)
		return;
	if (errno == EISDIR || errno == EPERM)
		remove_directory(removal, directory, name, depth);
	else
		note(removal, -errno);
}

static void empty(struct removal *removal, int directory, unsigned depth)
{
	int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = copy < 0 ? NULL : fdopendir(copy);
	if (!entries) {
		note(removal, -errno);
		fd_close(&copy);
		return;
	}
	for (struct dirent *entry; (entry = readdir(entries));)
		if (!str_eq(entry->d_name, ".") && !str_eq(entry->d_name, ".."))
			remove_entry(removal, directory, entry->d_name, depth);
	closedir(entries);
}

int remove_tree(int parent, const char *name)
{
	struct removal removal = {.top = open_directory(parent, name, 0)};
	if (removal.top < 0)
		return removal.top == -ENOENT ? 0 : removal.top;
	unsigned before;
	do { // until a round has moved nothing up
		before = removal.moved;
		empty(&removal, removal.top, 0);
	} while (removal.moved != before && !removal.error);
	close(removal.top);
	if (unlinkat(parent, name, AT_REMOVEDIR) && errno != ENOENT)
		note(&removal, -errno);
	return removal.error;
}
