// SPDX-License-Identifier: Apache-2.0
// temporary.c - files and directories that are being made, and those that a kill left
//
// In the store a name is put last, to something whole. Until then it is ".tmp-PID-N", and locked
// by flock(2), which files and directories take alike. A lock dies with the last process that has
// the descriptor, however that ends; so a temporary thing that can be locked belongs to nobody.
//
// Between making a thing and locking it another process may take it for dead and remove it. Its
// maker sees that it has no name any more, and makes another.
#include "store/temporary.h"

#include "base/fail.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX ".tmp-"

static bool is_there(int parent, const char *name, int fd)
{
	struct stat here, there;
	return !fstat(fd, &here) && !fstatat(parent, name, &there, AT_SYMLINK_NOFOLLOW) &&
	       here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

static int lock(int fd)
{
	while (flock(fd, LOCK_EX | LOCK_NB))
		if (errno != EINTR)
			return -errno;
	return 0;
}

static int open_new(int parent, const char *name, bool directory)
{
	if (!directory)
		return openat(parent, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			      0600);
	if (mkdirat(parent, name, 0700))
		return -1;
	return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int make(int parent, bool directory, struct temporary *ret_temporary)
{
	static unsigned number;
	struct temporary made = {.parent = parent, .fd = -1};
	for (int tries = 0; tries < 1000; tries++) {
		snprintf(made.name, sizeof(made.name), PREFIX "%d-%u", (int)getpid(), number++);
		made.fd = open_new(parent, made.name, directory);
		if (made.fd < 0 && errno != EEXIST && errno != ENOENT)
			return fail_sys(-errno, "make a temporary %s in the store",
					directory ? "directory" : "file");
		if (made.fd >= 0 && lock(made.fd) == 0 && is_there(parent, made.name, made.fd)) {
			*ret_temporary = made;
			return 0;
		}
		fd_close(&made.fd);
	}
	return fail(-EEXIST, "make a temporary %s in the store: every name is taken",
		    directory ? "directory" : "file");
}

int temporary_file(int parent, struct temporary *ret_temporary)
{
	return make(parent, false, ret_temporary);
}

int temporary_directory(int parent, struct temporary *ret_temporary)
{
	return make(parent, true, ret_temporary);
}

int temporary_keep(struct temporary *temporary, const char *name)
{
	struct stat status;
	bool taken = fstatat(temporary->parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
	if (taken && S_ISDIR(status.st_mode))
		return TEMPORARY_EXISTS;
	if (renameat(temporary->parent, temporary->name, temporary->parent, name)) {
		if (errno == ENOTEMPTY || errno == EEXIST)
			return TEMPORARY_EXISTS;
		return fail_sys(-errno, "rename '%s' to '%s'", temporary->name, name);
	}
	temporary->name[0] = '\0';
	if (fsync(temporary->parent))
		return fail_sys(-errno, "sync the directory of '%s'", name);
	return taken ? TEMPORARY_EXISTS : 0;
}

void temporary_drop(struct temporary *temporary)
{
	if (temporary->name[0] && unlinkat(temporary->parent, temporary->name, 0))
		unlinkat(temporary->parent, temporary->name, AT_REMOVEDIR);
	temporary->name[0] = '\0';
	fd_close(&temporary->fd);
}

// Returns a descriptor that holds the lock, or -1 when it is not dead.
static int take(int parent, const char *name)
{
	_cleanup_fd_ int fd = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || lock(fd) || !is_there(parent, name, fd))
		return -1;
	return take_fd(&fd);
}

void temporary_dead(int parent, void (*found)(void *, int, const char *), void *argument)
{
	int copy = openat(parent, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = copy < 0 ? NULL : fdopendir(copy);
	if (!list) {
		fd_close(&copy);
		return;
	}
	for (struct dirent *entry; (entry = readdir(list));) {
		if (!str_starts(entry->d_name, PREFIX))
			continue;
		_cleanup_fd_ int fd = take(parent, entry->d_name);
		if (fd >= 0)
			found(argument, parent, entry->d_name);
	}
	closedir(list);
}

static void remove_file(void *unused unused_, int parent, const char *name)
{
	unlinkat(parent, name, 0);
}

void temporary_sweep_files(int parent)
{
	temporary_dead(parent, remove_file, NULL);
}
