// SPDX-License-Identifier: Apache-2.0
// temporary.c - files and directories that are being made, and those that a kill left
//
// In the store a name is put last, to something whole. Until then it is ".tmp-PID-N", and locked by
// flock(2). A lock dies with the last process that has the descriptor, however that ends; so what
// can be locked belongs to nobody.
//
// A file is locked itself. A directory has a file beside it for that, ".tmp-PID-N.lock", made
// before and removed after it: the root of a layer may come to belong to somebody as whom nobody is
// here to open it.
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
#define SUFFIX ".lock"

enum { LOCK_NAME_SIZE = TEMPORARY_NAME_SIZE + sizeof(SUFFIX) };

static void lock_name(const char *name, char ret_name[LOCK_NAME_SIZE])
{
	snprintf(ret_name, LOCK_NAME_SIZE, "%s" SUFFIX, name);
}

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

// A file that is new and locked, or -1 with an errno.
static int new_file(int parent, const char *name)
{
	_cleanup_fd_ int fd =
		openat(parent, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	if (lock(fd) || !is_there(parent, name, fd)) {
		errno = EEXIST;
		return -1;
	}
	return take_fd(&fd);
}

// Chooses a name, and makes the file of that name with the suffix, locked.
static int choose(int parent, const char *suffix, char name[TEMPORARY_NAME_SIZE], int *ret_fd)
{
	static unsigned number;
	char full[LOCK_NAME_SIZE];
	for (int tries = 0; tries < 1000; tries++) {
		snprintf(name, TEMPORARY_NAME_SIZE, PREFIX "%d-%u", (int)getpid(), number++);
		snprintf(full, sizeof(full), "%s%s", name, suffix);
		*ret_fd = new_file(parent, full);
		if (*ret_fd >= 0)
			return 0;
		if (errno != EEXIST)
			return fail_sys(-errno, "make a temporary file in the store");
	}
	return fail(-EEXIST, "make a temporary file in the store: every name is taken");
}

int temporary_file(int parent, struct temporary *ret_temporary)
{
	struct temporary made = {.parent = parent, .fd = -1, .lock = -1};
	TRY(choose(parent, "", made.name, &made.fd));
	*ret_temporary = made;
	return 0;
}

int temporary_directory(int parent, struct temporary *ret_temporary)
{
	struct temporary made = {.parent = parent, .fd = -1, .lock = -1};
	TRY(choose(parent, SUFFIX, made.name, &made.lock));
	if (!mkdirat(parent, made.name, 0700))
		made.fd =
			openat(parent, made.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (made.fd < 0) {
		int error = -errno;
		temporary_drop(&made);
		return fail_sys(error, "make a temporary directory in the store");
	}
	*ret_temporary = made;
	return 0;
}

int temporary_take(int parent, const char *name, struct temporary *ret_temporary)
{
	struct temporary taken = {.parent = parent, .fd = -1, .lock = -1};
	TRY(choose(parent, SUFFIX, taken.name, &taken.lock));
	if (renameat(parent, name, parent, taken.name)) {
		int error = -errno;
		temporary_drop(&taken);
		return error == -ENOENT ? TEMPORARY_GONE : fail_sys(error, "remove '%s'", name);
	}
	*ret_temporary = taken;
	return 0;
}

static void drop_lock(struct temporary *temporary)
{
	char name[LOCK_NAME_SIZE];
	if (temporary->lock < 0)
		return;
	lock_name(temporary->name, name);
	unlinkat(temporary->parent, name, 0);
	fd_close(&temporary->lock);
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
	drop_lock(temporary);
	temporary->name[0] = '\0';
	if (fsync(temporary->parent))
		return fail_sys(-errno, "sync the directory of '%s'", name);
	return taken ? TEMPORARY_EXISTS : 0;
}

void temporary_drop(struct temporary *temporary)
{
	bool away = !temporary->name[0] || !unlinkat(temporary->parent, temporary->name, 0) ||
		    errno == ENOENT || !unlinkat(temporary->parent, temporary->name, AT_REMOVEDIR);
	if (away && temporary->name[0])
		drop_lock(temporary);
	temporary->name[0] = '\0';
	fd_close(&temporary->fd);
	fd_close(&temporary->lock);
}

// Returns a descriptor that holds the lock, or -1 when it is not dead.
static int take(int parent, const char *name)
{
	_cleanup_fd_ int fd = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || lock(fd) || !is_there(parent, name, fd))
		return -1;
	return take_fd(&fd);
}

struct sweep {
	int (*remove)(void *argument, int parent, const char *name); // NULL: of files
	void *argument;
};

static void sweep_entry(const struct sweep *sweep, int parent, const char *name)
{
	char directory[TEMPORARY_NAME_SIZE];
	size_t n = strlen(name), suffix = strlen(SUFFIX);
	bool is_lock = n > suffix && str_eq(name + n - suffix, SUFFIX);
	if (is_lock != !!sweep->remove || n >= sizeof(directory))
		return;
	_cleanup_fd_ int fd = take(parent, name);
	if (fd < 0)
		return;
	snprintf(directory, sizeof(directory), "%.*s", is_lock ? (int)(n - suffix) : 0, name);
	if (!is_lock || !sweep->remove(sweep->argument, parent, directory))
		unlinkat(parent, name, 0);
}

static void sweep(int parent, const struct sweep *sweep)
{
	int copy = openat(parent, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = copy < 0 ? NULL : fdopendir(copy);
	if (!list) {
		fd_close(&copy);
		return;
	}
	for (struct dirent *entry; (entry = readdir(list));)
		if (str_starts(entry->d_name, PREFIX))
			sweep_entry(sweep, parent, entry->d_name);
	closedir(list);
}

void temporary_sweep_directories(int parent, int (*remove)(void *, int, const char *),
				 void *argument)
{
	sweep(parent, &(struct sweep){remove, argument});
}

void temporary_sweep_files(int parent)
{
	sweep(parent, &(struct sweep){NULL, NULL});
}
