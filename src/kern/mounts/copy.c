// SPDX-License-Identifier: Apache-2.0
// copy.c - copying what is in a directory into another
//
// A file system in memory that is to begin with what it covers, or a volume that is used for the
// first time, is filled from the container's root. That root is hostile and may be changing: every
// entry is opened beneath the directory just read, as a plain name, and what is then open is what
// is copied. The other side is seen by nobody else yet.
//
// Where hard links are to stay, the first name of a file is remembered with its directory; after
// COPY_LINKS_MAX of them a file with several names becomes several files.
#include "kern/mounts/copy.h"

#include "base/sys.h"
#include "kern/mounts/entries.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>

enum {
	NAME_SIZE = 256,   // NAME_MAX and a NUL
	PIECE = 1 << 30,   // bytes that are copied by one call
	LINK_SIZE = 4096,  // of what a symbolic link says
	NAMES_SIZE = 1024, // of the names of extended attributes of a file
	VALUE_SIZE = 1024, // of the value of one
};

// A file that has more names than the one it was met by.
struct linked {
	uint64_t device, inode; // of the source
	int directory;          // of the copy
	char name[NAME_SIZE];   // in it
};

struct level {
	int from;
	int to;
	struct stat status; // of the source
};

struct work {
	struct level level[COPY_DEPTH_MAX];
	size_t depth;
	struct linked linked[COPY_LINKS_MAX];
	size_t linked_n;
	struct entries entries;
	char text[LINK_SIZE];
};

static void drop(int fd)
{
	sys_call(SYS_close, fd);
}

static int open_entry(int directory, const char *name, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_NOFOLLOW | O_CLOEXEC),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};
	return (int)sys_call(SYS_openat2, directory, name, &how, sizeof(how));
}

// --- what belongs to a file ---------------------------------------------------------------------

// Owner first: it takes set-id bits away. Times last.
static int set_rest(int fd, const struct stat *status)
{
	const struct timespec times[2] = {status->st_atim, status->st_mtim};
	TRY((int)sys_call(SYS_fchown, fd, status->st_uid, status->st_gid));
	TRY((int)sys_call(SYS_fchmod, fd, status->st_mode & 07777));
	return (int)sys_call(SYS_utimensat, fd, NULL, times, 0);
}

// The same for what has no descriptor: links, nodes, pipes.
static int set_rest_at(int directory, const char *name, const struct stat *status)
{
	const struct timespec times[2] = {status->st_atim, status->st_mtim};
	TRY((int)sys_call(SYS_fchownat, directory, name, status->st_uid, status->st_gid,
			  AT_SYMLINK_NOFOLLOW));
	return (int)sys_call(SYS_utimensat, directory, name, times, AT_SYMLINK_NOFOLLOW);
}

// Those that the other file system does not take, or that are too large, are left out.
static void copy_attributes(int from, int to)
{
	char names[NAMES_SIZE], value[VALUE_SIZE];
	long n = sys_call(SYS_flistxattr, from, names, sizeof(names));
	for (long at = 0; at < n; at += (long)strlen(names + at) + 1) {
		if (str_starts(names + at, "trusted.") || strstr(names + at, ".overlay."))
			continue;
		long size = sys_call(SYS_fgetxattr, from, names + at, value, sizeof(value));
		if (size >= 0)
			sys_call(SYS_fsetxattr, to, names + at, value, size, 0);
	}
}

// --- kinds of entries ---------------------------------------------------------------------------

static int copy_piece(int from, int to, int64_t begin, int64_t end)
{
	TRY(sys_call(SYS_lseek, to, begin, SEEK_SET) < 0 ? -EIO : 0);
	while (begin < end) {
		int64_t offset = begin;
		long n = sys_call(SYS_sendfile, to, from, &offset,
				  min_of(end - begin, (int64_t)PIECE));
		if (n <= 0)
			return n < 0 ? (int)n : 0; // it became shorter meanwhile
		begin += n;
	}
	return 0;
}

// What lies between holes.
static int copy_bytes(int from, int to, int64_t size)
{
	for (int64_t at = 0; at < size;) {
		long begin = sys_call(SYS_lseek, from, at, SEEK_DATA);
		if (begin == -ENXIO)
			break;
		if (begin < 0)
			begin = at;
		long end = sys_call(SYS_lseek, from, begin, SEEK_HOLE);
		if (end < 0)
			end = size;
		TRY(copy_piece(from, to, begin, end));
		at = end;
	}
	return (int)sys_call(SYS_ftruncate, to, size);
}

static int copy_opened(int from, int to_directory, const char *name, struct stat *status)
{
	TRY((int)sys_call(SYS_newfstatat, from, "", status, AT_EMPTY_PATH));
	if (!S_ISREG(status->st_mode))
		return -EAGAIN; // exchanged under our hands
	int to = (int)sys_call(SYS_openat, to_directory, name,
			       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (to < 0)
		return to;
	int result = copy_bytes(from, to, status->st_size);
	if (result >= 0) {
		result = set_rest(to, status);
		copy_attributes(from, to); // a capability would fall to the chown
	}
	drop(to);
	return result;
}

static const struct linked *find_linked(const struct work *work, const struct stat *status)
{
	for (size_t i = 0; i < work->linked_n; i++)
		if (work->linked[i].device == status->st_dev &&
		    work->linked[i].inode == status->st_ino)
			return &work->linked[i];
	return NULL;
}

static void remember(struct work *work, int to_directory, const char *name,
		     const struct stat *status)
{
	size_t n = strlen(name);
	if (work->linked_n == COPY_LINKS_MAX || n >= NAME_SIZE)
		return;
	int directory = (int)sys_call(SYS_fcntl, to_directory, F_DUPFD_CLOEXEC, 0);
	if (directory < 0)
		return;
	struct linked *linked = &work->linked[work->linked_n++];
	linked->device = status->st_dev;
	linked->inode = status->st_ino;
	linked->directory = directory;
	memcpy(linked->name, name, n + 1);
}

static int copy_file(struct work *work, const struct level *level, const char *name)
{
	struct stat status;
	int from = open_entry(level->from, name, O_RDONLY | O_NONBLOCK);
	if (from < 0)
		return from;
	int result = (int)sys_call(SYS_newfstatat, from, "", &status, AT_EMPTY_PATH);
	const struct linked *linked = result < 0 ? NULL : find_linked(work, &status);
	if (linked)
		result = (int)sys_call(SYS_linkat, linked->directory, linked->name, level->to, name,
				       0);
	else if (result >= 0)
		result = copy_opened(from, level->to, name, &status);
	drop(from);
	if (result >= 0 && !linked && status.st_nlink > 1)
		remember(work, level->to, name, &status);
	return result;
}

static int copy_link(struct work *work, const struct level *level, const char *name,
		     const struct stat *status)
{
	long n = sys_call(SYS_readlinkat, level->from, name, work->text, LINK_SIZE - 1);
	if (n < 0)
		return (int)n;
	work->text[n] = '\0';
	TRY((int)sys_call(SYS_symlinkat, work->text, level->to, name));
	return set_rest_at(level->to, name, status);
}

static int copy_node(const struct level *level, const char *name, const struct stat *status)
{
	TRY((int)sys_call(SYS_mknodat, level->to, name, status->st_mode,
			  (unsigned)status->st_rdev));
	return set_rest_at(level->to, name, status);
}

// --- directories --------------------------------------------------------------------------------

static int push(struct work *work, int from, int to)
{
	struct level *level = &work->level[work->depth];
	int result = from < 0 ? from : to < 0 ? to : 0;
	if (!result && work->depth == COPY_DEPTH_MAX)
		result = -EMLINK;
	if (!result)
		result = (int)sys_call(SYS_newfstatat, from, "", &level->status, AT_EMPTY_PATH);
	if (result >= 0) {
		level->from = from;
		level->to = to;
		work->depth++;
		return 0;
	}
	if (from >= 0)
		drop(from);
	if (to >= 0)
		drop(to);
	return result;
}

static int copy_directory(struct work *work, const struct level *level, const char *name)
{
	int from = open_entry(level->from, name, O_RDONLY | O_DIRECTORY);
	if (from == -EXDEV)
		return 0; // something is mounted there
	if (from >= 0) {
		int made = (int)sys_call(SYS_mkdirat, level->to, name, 0700);
		if (made < 0) {
			drop(from);
			return made;
		}
	}
	int to = from < 0 ? from : open_entry(level->to, name, O_RDONLY | O_DIRECTORY);
	int result = push(work, from, to);
	return result < 0 ? result : ENTRIES_WENT_IN;
}

static int pop(struct work *work, bool top)
{
	const struct level *level = &work->level[--work->depth];
	int result = 0;
	if (work->depth || top) {
		copy_attributes(level->from, level->to);
		result = set_rest(level->to, &level->status);
	}
	drop(level->from);
	drop(level->to);
	return result;
}

static int copy_entry(void *context, const char *name)
{
	struct work *work = context;
	const struct level *level = &work->level[work->depth - 1];
	struct stat status;
	int result = (int)sys_call(SYS_newfstatat, level->from, name, &status, AT_SYMLINK_NOFOLLOW);
	if (result < 0)
		return result == -ENOENT ? 0 : result;
	if (S_ISDIR(status.st_mode))
		return copy_directory(work, level, name);
	result = S_ISREG(status.st_mode)   ? copy_file(work, level, name)
		 : S_ISLNK(status.st_mode) ? copy_link(work, level, name, &status)
					   : copy_node(level, name, &status);
	return min_of(result, 0);
}

int copy_tree(int from, int to, bool top)
{
	struct work work;
	work.depth = work.linked_n = 0;
	int result = push(&work, (int)sys_call(SYS_fcntl, from, F_DUPFD_CLOEXEC, 0),
			  (int)sys_call(SYS_fcntl, to, F_DUPFD_CLOEXEC, 0));
	while (result >= 0 && work.depth) {
		result = entries_take(work.level[work.depth - 1].from, &work.entries, copy_entry,
				      &work);
		if (result == 0)
			result = pop(&work, top);
	}
	while (work.depth) {
		drop(work.level[work.depth - 1].from);
		drop(work.level[--work.depth].to);
	}
	while (work.linked_n)
		drop(work.linked[--work.linked_n].directory);
	return min_of(result, 0);
}
