// SPDX-License-Identifier: Apache-2.0
// unpack.c - a layer's tar into a directory
//
// The classic attack on an unpacker is a symbolic link "a" to /etc and then a file "a/passwd". So
// every entry is made by a plain name in a descriptor of its parent, and that descriptor is reached
// from the top part by part with O_NOFOLLOW: a link on the way is an error. The C library's file
// names of more than one part are not used at all.
//
// What is set last: the owner before the mode, since chown(2) clears set-user-id; modes and times
// of directories after everything in them was made, since a directory may be read-only and every
// entry changes its time. A directory that no entry names, only a path through it, is finished like
// the others: 0755, root's, of 1970. So the same archive makes the same tree for every umask.
//
// A layer says that a file of the layers below it is gone by an empty file ".wh.NAME". An overlay
// says the same in another way, and to unpack one as a plain file would bring back what was
// removed: it is refused by name.
#include "store/unpack.h"

#include "base/fail.h"
#include "base/fd.h"
#include "flow/tar.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct directory { // one whose mode and time wait for the end
	struct directory *next;
	struct tar_entry entry;
	size_t order; // its place among them: of two with one path the later counts
};

struct unpack {
	struct arena *arena;
	struct tar *tar;
	int top;
	bool owners;
	struct directory *directories; // the one made last first
	size_t directories_n;
};

static void finish_later(struct unpack *unpack, const struct tar_entry *entry)
{
	struct directory *made = arena_new(unpack->arena, struct directory);
	*made = (struct directory){unpack->directories, *entry, unpack->directories_n++};
	made->entry.path = arena_dup(unpack->arena, entry->path);
	unpack->directories = made;
}

enum { STEP_MADE = 1 };

// Goes from *fd into `name`, which is made when missing: STEP_MADE then.
static int step_into(int *fd, const char *name)
{
	int made = 0;
	int next = openat(*fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (next < 0 && errno == ENOENT && !mkdirat(*fd, name, 0755)) {
		next = openat(*fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		made = STEP_MADE;
	}
	if (next < 0)
		return -errno;
	fd_close(fd);
	*fd = next;
	return made;
}

// Opens the directory that holds the last part of a clean path; sets *ret_name to that part.
static int open_parent(struct unpack *unpack, const char *path, int *ret_fd, const char **ret_name)
{
	_cleanup_fd_ int fd = fcntl(unpack->top, F_DUPFD_CLOEXEC, 3);
	struct str rest = str_of(path), part = str_cut(&rest, '/');
	if (fd < 0)
		return -errno;
	for (int depth = 1; rest.p; part = str_cut(&rest, '/')) {
		if (++depth > UNPACK_DEPTH_MAX)
			return -ENAMETOOLONG;
		int result = step_into(&fd, arena_dup_n(unpack->arena, part.p, part.n));
		TRY(result);
		if (result == STEP_MADE) {
			size_t n = (size_t)(part.p - path) + part.n;
			const char *made = arena_dup_n(unpack->arena, path, n);
			finish_later(unpack, &(struct tar_entry){.path = made, .mode = 0755});
		}
	}
	*ret_name = part.p; // the path's end ends it
	*ret_fd = take_fd(&fd);
	return 0;
}

// Owner, mode and time of what was opened.
static int dress(const struct unpack *unpack, int fd, const struct tar_entry *entry)
{
	struct timespec times[2] = {{entry->mtime, entry->mtime_ns},
				    {entry->mtime, entry->mtime_ns}};
	if (unpack->owners && fchown(fd, entry->uid, entry->gid))
		return -errno;
	if (fchmod(fd, entry->mode) || futimens(fd, times))
		return -errno;
	return 0;
}

static int make_file(const struct unpack *unpack, int parent, const char *name,
		     const struct tar_entry *entry)
{
	_cleanup_fd_ int fd =
		openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	struct tar_piece piece;
	int result;
	while ((result = tar_piece(unpack->tar, &piece)) == 0) {
		if (pwrite(fd, piece.bytes.p, piece.bytes.n, (off_t)piece.at) !=
		    (ssize_t)piece.bytes.n)
			return -EIO;
	}
	TRY(result);
	return dress(unpack, fd, entry);
}

static int make_directory(struct unpack *unpack, int parent, const char *name,
			  const struct tar_entry *entry)
{
	struct stat status;
	if (!str_eq(name, ".") && mkdirat(parent, name, 0755)) {
		if (errno != EEXIST || fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW))
			return -errno;
		if (!S_ISDIR(status.st_mode))
			return -ENOTDIR;
	}
	finish_later(unpack, entry);
	return 0;
}

static int make_symlink(const struct unpack *unpack, int parent, const char *name,
			const struct tar_entry *entry)
{
	struct timespec times[2] = {{entry->mtime, entry->mtime_ns},
				    {entry->mtime, entry->mtime_ns}};
	if (symlinkat(entry->link, parent, name))
		return -errno;
	if (unpack->owners && fchownat(parent, name, entry->uid, entry->gid, AT_SYMLINK_NOFOLLOW))
		return -errno;
	return utimensat(parent, name, times, AT_SYMLINK_NOFOLLOW) ? -errno : 0;
}

// A hard link gives another name to something of this layer, never to a directory.
static int make_hardlink(struct unpack *unpack, int parent, const char *name,
			 const struct tar_entry *entry)
{
	_cleanup_fd_ int from = -1;
	const char *from_name;
	TRY(open_parent(unpack, entry->link, &from, &from_name));
	return linkat(from, from_name, parent, name, 0) ? -errno : 0;
}

static int make_entry(struct unpack *unpack, const struct tar_entry *entry)
{
	_cleanup_fd_ int parent = -1;
	const char *name;
	TRY(open_parent(unpack, entry->path, &parent, &name));
	if (str_starts(name, ".wh."))
		return -ENOTSUP;
	// Of two entries with one name the later counts; what is a directory stays one.
	if (entry->kind != TAR_DIRECTORY && unlinkat(parent, name, 0) && errno != ENOENT)
		return -errno;
	switch (entry->kind) {
	case TAR_FILE:
		return make_file(unpack, parent, name, entry);
	case TAR_DIRECTORY:
		return make_directory(unpack, parent, name, entry);
	case TAR_SYMLINK:
		return make_symlink(unpack, parent, name, entry);
	case TAR_HARDLINK:
		return make_hardlink(unpack, parent, name, entry);
	default:
		break;
	}
	return -EINVAL;
}

static int finish_directory(struct unpack *unpack, const struct tar_entry *entry)
{
	_cleanup_fd_ int parent = -1;
	const char *name;
	TRY(open_parent(unpack, entry->path, &parent, &name));
	_cleanup_fd_ int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return dress(unpack, fd, entry);
}

static const char *below_top(const struct directory *directory)
{
	return str_eq(directory->entry.path, ".") ? "" : directory->entry.path;
}

// The innermost before those around it, which may lose the bits that let one pass; of two with one
// path the later first.
static int compare(const void *a, const void *b)
{
	const struct directory *one = *(struct directory *const *)a;
	const struct directory *other = *(struct directory *const *)b;
	int order = strcmp(below_top(other), below_top(one));
	return order ? order : (one->order < other->order) - (one->order > other->order);
}

static int finish_directories(struct unpack *unpack)
{
	size_t n = 0;
	struct directory **list =
		arena_array(unpack->arena, struct directory *, unpack->directories_n);
	for (struct directory *each = unpack->directories; each; each = each->next)
		list[n++] = each;
	qsort(list, n, sizeof(*list), compare);
	for (size_t i = 0; i < n; i++) {
		const struct tar_entry *entry = &list[i]->entry;
		if (i && str_eq(entry->path, list[i - 1]->entry.path))
			continue;
		int result = finish_directory(unpack, entry);
		if (result)
			return fail_sys(result, "layer: finish '%s'", entry->path);
	}
	return 0;
}

int unpack_layer(struct arena *arena, const struct unpack_want *want,
		 struct unpack_result *ret_result)
{
	struct unpack unpack = {.arena = arena, .top = want->top, .owners = want->owners};
	struct unpack_result did = {0};
	struct tar reader;
	tar_open(&reader, arena, want->source);
	unpack.tar = &reader;
	struct tar_entry entry;
	int result;
	while ((result = tar_next(&reader, &entry)) == 0) {
		did.entries++;
		did.bytes += entry.stored;
		result = make_entry(&unpack, &entry);
		if (result)
			return fail_sys(result, "layer: make '%s'", entry.path);
	}
	TRY(result);
	TRY(finish_directories(&unpack));
	*ret_result = did;
	return 0;
}
