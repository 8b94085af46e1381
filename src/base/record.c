// SPDX-License-Identifier: Apache-2.0
// record.c - replacing, reading and locking small documents
//
// A rename within one directory is the only way to replace a file's content that no reader and no
// crash can catch in the middle. For a power cut the order on disk matters, too: the file must be
// synced before the name points to it, and the directory after. That costs about half a
// millisecond, so what lives in the runroot goes without.
//
// Locks are those of the open file description (fcntl(2), F_OFD_SETLK): closing some other
// descriptor of the file does not drop them, as it would with the older kind.
#include "base/record.h"

#include "base/fail.h"
#include "base/fd.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct temporary {
	int directory;
	char name[RECORD_NAME_MAX + 48]; // empty: nothing to remove
};

static void temporary_remove(struct temporary *temporary)
{
	if (temporary->name[0])
		unlinkat(temporary->directory, temporary->name, 0);
}

// A name left by a dead process with our number is passed over, not taken.
static int temporary_make(struct temporary *temporary, const char *name, int *ret_fd)
{
	static unsigned number;
	char fresh[sizeof(temporary->name)];
	for (int tries = 0; tries < 1000; tries++) {
		snprintf(fresh, sizeof(fresh), ".tmp-%s-%d-%u", name, (int)getpid(), number++);
		int fd = openat(temporary->directory, fresh,
				O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd >= 0) {
			memcpy(temporary->name, fresh, sizeof(fresh));
			*ret_fd = fd;
			return 0;
		}
		if (errno != EEXIST)
			return -errno;
	}
	return -EEXIST;
}

static int replace(int directory, const char *name, struct str text, bool durable)
{
	_cleanup_(temporary_remove) struct temporary temporary = {.directory = directory};
	_cleanup_fd_ int fd = -1;
	TRY(temporary_make(&temporary, name, &fd));
	TRY(fd_write_all(fd, text.p, text.n));
	if (durable && fsync(fd))
		return -errno;
	if (renameat(directory, temporary.name, directory, name))
		return -errno;
	temporary.name[0] = '\0';
	return durable && fsync(directory) ? -errno : 0;
}

static int check_name(const char *name)
{
	size_t n = strlen(name);
	if (!n || n > RECORD_NAME_MAX || strchr(name, '/') || str_eq(name, ".") ||
	    str_eq(name, ".."))
		return fail(-EINVAL, "record '%.*s': not a plain name", RECORD_NAME_MAX, name);
	return 0;
}

int record_write(int directory, const char *name, struct str text, enum record_safety safety)
{
	TRY(check_name(name));
	if (text.n > RECORD_MAX)
		return fail(-EFBIG, "record '%s': more than %d bytes", name, RECORD_MAX);
	int error = replace(directory, name, text, safety == RECORD_DURABLE);
	return error ? fail_sys(error, "write record '%s'", name) : 0;
}

int record_read(struct arena *arena, int directory, const char *name, struct str *ret_text)
{
	struct stat status;
	TRY(check_name(name));
	// Without O_NONBLOCK a FIFO in its place would hold us for ever.
	_cleanup_fd_ int fd =
		openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return RECORD_MISSING;
	if (fd < 0 || fstat(fd, &status))
		return fail_sys(-errno, "open record '%s'", name);
	if (!S_ISREG(status.st_mode))
		return fail(-EINVAL, "record '%s': not a regular file", name);
	int error = fd_read_all(arena, fd, RECORD_MAX, ret_text);
	return error ? fail_sys(error, "read record '%s'", name) : 0;
}

static int lock_fd(int fd, enum record_lock lock, bool wait)
{
	struct flock whole = {.l_type = lock == RECORD_SHARED ? F_RDLCK : F_WRLCK,
			      .l_whence = SEEK_SET};
	while (fcntl(fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &whole)) {
		if (errno == EAGAIN || errno == EACCES)
			return RECORD_BUSY;
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

// Whether the name still leads to the file that was locked: its holder may have removed it while
// we waited, and then somebody else may lock a new one.
static bool is_current(int directory, const char *name, int fd)
{
	struct stat here, there;
	return !fstat(fd, &here) && !fstatat(directory, name, &there, AT_SYMLINK_NOFOLLOW) &&
	       here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

int record_lock(int directory, const char *name, enum record_lock lock, bool wait, int *ret_fd)
{
	TRY(check_name(name));
	for (;;) {
		_cleanup_fd_ int fd =
			openat(directory, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0)
			return fail_sys(-errno, "open lock '%s'", name);
		int result = lock_fd(fd, lock, wait);
		if (result < 0)
			return fail_sys(result, "lock '%s'", name);
		if (result == RECORD_BUSY)
			return RECORD_BUSY;
		if (is_current(directory, name, fd)) {
			*ret_fd = take_fd(&fd);
			return 0;
		}
	}
}
