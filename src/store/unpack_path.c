// SPDX-License-Identifier: Apache-2.0
// unpack_path.c - the directory that an entry is made in
//
// The classic attack on an unpacker is a symbolic link "a" to /etc and then a file "a/passwd". The
// other way round, layers exist that have "lib -> usr/lib" and then "lib/x", and mean usr/lib/x. So
// a link on the way is read as a process in the container would read it: with the layer's own root
// as its root. The kernel is asked for a path without any link first, which is right nearly always
// and one system call. Where it is not, the path is walked part by part, each opened with
// O_NOFOLLOW in the descriptor of the one before; a link's target takes its place in what is still
// to be walked. What comes out is a path without links, by which all else is done.
//
// What is missing on the way is made. That includes the target of a link: this layer's directories
// are laid over those of the layers below, where it may well be.
#include "store/unpack_parts.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/path.h"

#include <fcntl.h>
#include <unistd.h>

struct way {
	struct unpack *unpack;
	int fd;                          // where it has come to
	char done[UNPACK_PATH_ROOM];     // the path of that; empty at the top
	size_t done_n;                   // its length
	size_t depth;                    // its parts
	char rest[2 * UNPACK_PATH_ROOM]; // what is still to be walked
	unsigned links;                  // that were on the way
	bool make;                       // what is missing
};

static int open_part(int fd, const char *part)
{
	int next = openat(fd, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return next < 0 ? -errno : next;
}

static int back_to_top(struct way *way)
{
	int fd = fcntl(way->unpack->want->top, F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		return -errno;
	fd_close(&way->fd);
	way->fd = fd;
	way->done_n = way->depth = 0;
	way->done[0] = '\0';
	return 0;
}

// "..", which at the top leads nowhere else.
static int back(struct way *way)
{
	char *slash = strrchr(way->done, '/');
	size_t depth = way->depth;
	char left[UNPACK_PATH_ROOM];
	if (!slash)
		return back_to_top(way);
	*slash = '\0';
	memcpy(left, way->done, sizeof(left));
	int fd = path_open_no_links(way->unpack->want->top, left, O_PATH | O_DIRECTORY);
	if (fd < 0)
		return fd;
	fd_close(&way->fd);
	way->fd = fd;
	way->done_n = strlen(way->done);
	way->depth = depth - 1;
	return 0;
}

static int go_on(struct way *way, const char *part, int next)
{
	size_t n = strlen(part);
	fd_close(&way->fd);
	way->fd = next;
	if (way->done_n + 1 + n >= sizeof(way->done) || ++way->depth >= UNPACK_DEPTH_MAX)
		return -ENAMETOOLONG;
	if (way->done_n)
		way->done[way->done_n++] = '/';
	memcpy(way->done + way->done_n, part, n + 1);
	way->done_n += n;
	return 0;
}

// Makes a directory that is not there; `over` says that there was a whiteout of it.
static int make(struct way *way, const char *part, bool over)
{
	if (!way->make)
		return -ENOENT;
	if (over && unlinkat(way->fd, part, 0))
		return -errno;
	if (mkdirat(way->fd, part, 0700))
		return -errno;
	int next = open_part(way->fd, part);
	if (next < 0)
		return next;
	TRY(go_on(way, part, next));
	if (over)
		unpack_opaque_later(way->unpack, way->done);
	return unpack_directory_implied(way->unpack, way->done);
}

// What is no directory: a link is followed.
static int follow(struct way *way, const char *part)
{
	char target[UNPACK_PATH_ROOM];
	struct stat status;
	ssize_t n = readlinkat(way->fd, part, target, sizeof(target) - 1);
	if (n < 0 && errno == EINVAL && !fstatat(way->fd, part, &status, AT_SYMLINK_NOFOLLOW) &&
	    unpack_is_whiteout(&status))
		return make(way, part, true);
	if (n < 0)
		return errno == EINVAL ? -ENOTDIR : -errno;
	if (++way->links > UNPACK_LINKS_MAX)
		return -ELOOP;
	target[n] = '\0';
	size_t rest = strlen(way->rest);
	if ((size_t)n + 1 + rest >= sizeof(way->rest))
		return -ENAMETOOLONG;
	memmove(way->rest + n + 1, way->rest, rest + 1);
	memcpy(way->rest, target, (size_t)n);
	way->rest[n] = '/';
	return target[0] == '/' ? back_to_top(way) : 0;
}

static int walk_part(struct way *way, const char *part)
{
	if (!*part || str_eq(part, "."))
		return 0;
	if (str_eq(part, ".."))
		return back(way);
	if (strlen(part) > TAR_NAME_MAX)
		return -ENAMETOOLONG;
	int next = open_part(way->fd, part);
	if (next == -ENOENT)
		return make(way, part, false);
	if (next == -ENOTDIR || next == -ELOOP)
		return follow(way, part);
	return next < 0 ? next : go_on(way, part, next);
}

static int walk(struct way *way)
{
	while (*way->rest) {
		char part[UNPACK_PATH_ROOM];
		size_t n = strcspn(way->rest, "/"), rest = strlen(way->rest);
		if (n >= sizeof(part))
			return -ENAMETOOLONG;
		memcpy(part, way->rest, n);
		part[n] = '\0';
		n += way->rest[n] == '/';
		memmove(way->rest, way->rest + n, rest - n + 1);
		TRY(walk_part(way, part));
	}
	return 0;
}

static int open_slowly(struct unpack *unpack, struct unpack_slot *slot, const char *directory,
		       bool make)
{
	struct way way = {.unpack = unpack, .fd = -1, .make = make};
	memcpy(way.rest, directory, strlen(directory) + 1);
	int result = back_to_top(&way);
	if (result == 0)
		result = walk(&way);
	if (result) {
		fd_close(&way.fd);
		return result;
	}
	slot->fd = way.fd;
	memcpy(slot->path, way.done_n ? way.done : ".", max_of(way.done_n, 1) + 1);
	return 0;
}

static size_t depth_of(const char *path)
{
	size_t depth = 1;
	for (; *path; path++)
		depth += *path == '/';
	return depth;
}

static int open_directory(struct unpack *unpack, struct unpack_slot *slot, const char *directory,
			  bool make)
{
	fd_close(&slot->fd);
	slot->fd = path_open_no_links(unpack->want->top, directory, O_PATH | O_DIRECTORY);
	if (slot->fd >= 0) {
		memcpy(slot->path, directory, strlen(directory) + 1);
		return 0;
	}
	int error = slot->fd;
	slot->fd = -1;
	if (error != -ENOENT && error != -ELOOP && error != -ENOTDIR)
		return error;
	return open_slowly(unpack, slot, directory, make);
}

static int open_parent(struct unpack *unpack, struct unpack_slot *slot, const char *path, bool make,
		       const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	struct str directory = slash ? (struct str){path, (size_t)(slash - path)} : STR(".");
	*ret_name = slash ? slash + 1 : path;
	if (slot->fd >= 0 && str_is(directory, slot->asked))
		return 0;
	if (directory.n >= UNPACK_PATH_ROOM || depth_of(path) > UNPACK_DEPTH_MAX)
		return -ENAMETOOLONG;
	memcpy(slot->asked, directory.p, directory.n);
	slot->asked[directory.n] = '\0';
	return open_directory(unpack, slot, slot->asked, make);
}

int unpack_parent(struct unpack *unpack, struct unpack_slot *slot, const char *path,
		  const char **ret_name)
{
	return open_parent(unpack, slot, path, true, ret_name);
}

int unpack_look(struct unpack *unpack, struct unpack_slot *slot, const char *path,
		const char **ret_name)
{
	return open_parent(unpack, slot, path, false, ret_name);
}

int unpack_join(struct unpack *unpack, const struct unpack_slot *slot, const char *name,
		const char **ret_path)
{
	if (str_eq(slot->path, ".")) {
		*ret_path = arena_dup(unpack->arena, name);
		return 0;
	}
	if (strlen(slot->path) + 1 + strlen(name) >= UNPACK_PATH_ROOM)
		return -ENAMETOOLONG;
	*ret_path = arena_printf(unpack->arena, "%s/%s", slot->path, name);
	return 0;
}
