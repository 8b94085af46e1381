// SPDX-License-Identifier: Apache-2.0
// unpack_lower.c - what the layers below have under a path
//
// They are directories as an overlay wants them, looked through from the topmost down. A layer ends
// the search where it has a whiteout on the way, or a file where the path goes on, or where it
// lacks the next part and one of the directories before is marked opaque. A mark under "trusted."
// can't be read in a user namespace: there a directory that is one counts as one that isn't. No
// link is followed.
#include "store/unpack_parts.h"

#include "base/fail.h"
#include "base/fd.h"

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { MISSING = 1, HIDDEN = 2 };

static bool is_opaque(int directory)
{
	static const char *const marks[] = {"trusted.overlay.opaque", "user.overlay.opaque"};
	_cleanup_fd_ int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char value;
	for (size_t i = 0; fd >= 0 && i < lengthof(marks); i++) {
		if (fgetxattr(fd, marks[i], &value, 1) == 1 && value == 'y')
			return true;
	}
	return false;
}

// In one layer. Returns 0, MISSING, HIDDEN or an error.
static int look(int lower, const char *path, int *ret_parent, struct stat *ret_status)
{
	char part[TAR_NAME_MAX + 1];
	struct str rest = str_of(path);
	struct stat status;
	bool opaque = false;
	_cleanup_fd_ int fd = fcntl(lower, F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		return -errno;
	for (;;) {
		struct str name = str_cut(&rest, '/');
		memcpy(part, name.p, name.n);
		part[name.n] = '\0';
		if (fstatat(fd, part, &status, AT_SYMLINK_NOFOLLOW)) {
			if (errno == ENOENT)
				return opaque || is_opaque(fd) ? HIDDEN : MISSING;
			return -errno;
		}
		if (unpack_is_whiteout(&status) || (rest.p && !S_ISDIR(status.st_mode)))
			return HIDDEN;
		if (!rest.p)
			break;
		opaque |= is_opaque(fd);
		int next = openat(fd, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0)
			return -errno;
		fd_close(&fd);
		fd = next;
	}
	*ret_status = status;
	*ret_parent = take_fd(&fd);
	return 0;
}

int unpack_lower_find(struct unpack *unpack, const char *path, int *ret_parent,
		      struct stat *ret_status)
{
	if (str_eq(path, "."))
		return -ENOENT;
	for (size_t i = 0; i < unpack->want->lowers_n; i++) {
		int result = look(unpack->want->lowers[i], path, ret_parent, ret_status);
		if (result == HIDDEN)
			break;
		if (result != MISSING)
			return result;
	}
	return -ENOENT;
}

static int copy_content(int from, int to, uint64_t size)
{
	char bytes[1 << 16];
	off_t at = 0;
	while ((at = lseek(from, at, SEEK_DATA)) >= 0 && (uint64_t)at < size) {
		ssize_t n = pread(from, bytes, sizeof(bytes), at);
		if (n <= 0)
			return n ? -errno : -EIO; // it is not written to by anybody
		for (ssize_t done = 0, put; done < n; done += put) {
			put = pwrite(to, bytes + done, (size_t)(n - done), at + done);
			if (put < 0)
				return -errno;
		}
		at += n;
	}
	if (at < 0 && errno != ENXIO)
		return -errno;
	return ftruncate(to, (off_t)size) ? -errno : 0;
}

static int read_xattrs(struct unpack *unpack, int fd, struct unpack_attributes *attributes)
{
	char names[4096], value[TAR_XATTR_VALUE_MAX];
	ssize_t n = flistxattr(fd, names, sizeof(names));
	if (n < 0 && errno != ENOTSUP)
		return -errno;
	struct tar_xattr *list = arena_array(unpack->arena, struct tar_xattr, TAR_XATTRS_MAX);
	for (const char *name = names; name < names + n; name += strlen(name) + 1) {
		ssize_t value_n = fgetxattr(fd, name, value, sizeof(value));
		if (value_n < 0 || attributes->xattrs_n == TAR_XATTRS_MAX ||
		    str_starts(name, "security.selinux"))
			continue;
		list[attributes->xattrs_n].name = str_of(arena_dup(unpack->arena, name));
		list[attributes->xattrs_n++].value = (struct str){
			arena_dup_n(unpack->arena, value, (size_t)value_n), (size_t)value_n};
	}
	attributes->xattrs = list;
	return 0;
}

static int copy_file(struct unpack *unpack, int parent, const char *from, const char *name,
		     struct unpack_attributes *attributes, uint64_t size)
{
	_cleanup_fd_ int in = openat(parent, from, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (in < 0)
		return -errno;
	TRY(unpack_count_bytes(unpack, size));
	_cleanup_fd_ int out = openat(unpack->here.fd, name,
				      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (out < 0)
		return -errno;
	TRY(copy_content(in, out, size));
	TRY(read_xattrs(unpack, in, attributes));
	return unpack_dress(unpack, out, attributes);
}

static int copy_link(struct unpack *unpack, int parent, const char *from, const char *name,
		     const struct unpack_attributes *attributes)
{
	char target[UNPACK_PATH_ROOM];
	ssize_t n = readlinkat(parent, from, target, sizeof(target) - 1);
	if (n < 0)
		return -errno;
	target[n] = '\0';
	if (symlinkat(target, unpack->here.fd, name))
		return -errno;
	return unpack_dress_at(unpack, unpack->here.fd, name, true, attributes);
}

// The second link to a file is one to the first one's copy.
static const char *copied(const struct unpack *unpack, const char *from)
{
	const struct unpack_copy *copy = unpack->copies;
	while (copy && !str_eq(copy->from, from))
		copy = copy->next;
	return copy ? copy->path : NULL;
}

static int copy(struct unpack *unpack, int parent, const struct stat *status, const char *from,
		const char *path)
{
	const char *slash = strrchr(from, '/'), *from_name = slash ? slash + 1 : from, *name;
	struct unpack_attributes attributes = {
		.mode = status->st_mode & 07777,
		.uid = status->st_uid,
		.gid = status->st_gid,
		.mtime = status->st_mtim.tv_sec,
		.mtime_ns = (uint32_t)status->st_mtim.tv_nsec,
	};
	TRY(unpack_parent(unpack, &unpack->here, path, &name));
	if (S_ISREG(status->st_mode))
		return copy_file(unpack, parent, from_name, name, &attributes,
				 (uint64_t)status->st_size);
	if (S_ISLNK(status->st_mode))
		return copy_link(unpack, parent, from_name, name, &attributes);
	return fail(-ENOTSUP,
		    "layer: '%s' is a hard link to '%s' of a layer below, which is no file", path,
		    from);
}

int unpack_lower_copy(struct unpack *unpack, const char *from, const char *path)
{
	_cleanup_fd_ int parent = -1;
	struct stat status;
	const char *first = copied(unpack, from), *first_name, *name;
	if (first) {
		TRY(unpack_look(unpack, &unpack->there, first, &first_name));
		TRY(unpack_parent(unpack, &unpack->here, path, &name));
		return linkat(unpack->there.fd, first_name, unpack->here.fd, name, 0) ? -errno : 0;
	}
	TRY(unpack_lower_find(unpack, from, &parent, &status));
	TRY(copy(unpack, parent, &status, from, path));
	struct unpack_copy *made = arena_new(unpack->arena, struct unpack_copy);
	*made = (struct unpack_copy){unpack->copies, arena_dup(unpack->arena, from), path};
	unpack->copies = made;
	unpack->did.by_lower = true;
	return 0;
}
