// SPDX-License-Identifier: Apache-2.0
// unpack_make.c - one entry of a layer, made
//
// Everything is made by a plain name in the descriptor of its directory (unpack_path.c), with
// O_EXCL or a call that never follows a link. What has that name already is removed first: of two
// entries with one path the later counts. Only a directory that comes upon a directory leaves it
// where it is.
//
// Content is written where the archive says it belongs, so a sparse file stays one.
#include "store/unpack_parts.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/remove.h"

#include <fcntl.h>
#include <unistd.h>

int unpack_count_bytes(struct unpack *unpack, uint64_t n)
{
	struct unpack_result *did = &unpack->did;
	if (n > unpack->bytes_max - did->bytes) {
		fail(-EFBIG, "layer: with '%s' it has %llu bytes, and there is room for %llu",
		     unpack->path, (unsigned long long)did->bytes + n,
		     (unsigned long long)unpack->bytes_max);
		fail_hint("see what the disk has free: df");
		return -EFBIG;
	}
	did->bytes += n;
	return 0;
}

int unpack_make_way(struct unpack *unpack, const char *name)
{
	struct stat status;
	const char *path;
	int fd = unpack->here.fd;
	fd_close(&unpack->there.fd); // it may lie in what is removed
	if (unpack->nodes) {
		TRY(unpack_join(unpack, &unpack->here, name, &path));
		unpack_forget_nodes(unpack, path);
	}
	if (fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : -errno;
	if (S_ISDIR(status.st_mode))
		return remove_tree(fd, name);
	return unlinkat(fd, name, 0) ? -errno : 0;
}

static int write_piece(int fd, const struct tar_piece *piece)
{
	for (size_t done = 0; done < piece->bytes.n;) {
		ssize_t n = pwrite(fd, piece->bytes.p + done, piece->bytes.n - done,
				   (off_t)(piece->at + done));
		if (n < 0 && errno != EINTR)
			return -errno;
		done += n < 0 ? 0 : (size_t)n;
	}
	return 0;
}

static int write_content(struct unpack *unpack, int fd, const struct tar_entry *entry)
{
	struct tar_piece piece;
	uint64_t end = 0;
	int result;
	TRY(unpack_count_bytes(unpack, entry->stored));
	while ((result = tar_piece(&unpack->tar, &piece)) == 0) {
		TRY(write_piece(fd, &piece));
		end = piece.at + piece.bytes.n;
	}
	TRY(result);
	if (end < entry->size && ftruncate(fd, (off_t)entry->size))
		return -errno;
	return 0;
}

static int create(struct unpack *unpack, const char *name)
{
	static const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(unpack->here.fd, name, flags, 0600);
	if (fd < 0 && errno == EEXIST) {
		TRY(unpack_make_way(unpack, name));
		fd = openat(unpack->here.fd, name, flags, 0600);
	}
	return fd < 0 ? -errno : fd;
}

static int make_file(struct unpack *unpack, const char *name, const struct tar_entry *entry)
{
	_cleanup_fd_ int fd = create(unpack, name);
	const struct unpack_attributes attributes = unpack_attributes_of(entry);
	TRY(fd);
	TRY(write_content(unpack, fd, entry));
	return unpack_dress(unpack, fd, &attributes);
}

// A whiteout of the same name hides what the layers below have in their directory.
static int make_directory(struct unpack *unpack, const char *name, const struct tar_entry *entry)
{
	const struct unpack_attributes attributes = unpack_attributes_of(entry);
	struct stat status = {0};
	const char *path;
	int fd = unpack->here.fd;
	TRY(unpack_join(unpack, &unpack->here, name, &path));
	if (mkdirat(fd, name, 0700)) {
		if (errno != EEXIST || fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW))
			return -errno;
		if (!S_ISDIR(status.st_mode)) {
			TRY(unpack_make_way(unpack, name));
			if (mkdirat(fd, name, 0700))
				return -errno;
		}
		if (unpack_is_whiteout(&status))
			unpack_opaque_later(unpack, path);
	}
	return unpack_directory_later(unpack, path, &attributes);
}

static int make_symlink(struct unpack *unpack, const char *name, const struct tar_entry *entry)
{
	const struct unpack_attributes attributes = unpack_attributes_of(entry);
	int fd = unpack->here.fd;
	if (symlinkat(entry->link, fd, name)) {
		if (errno != EEXIST)
			return -errno;
		TRY(unpack_make_way(unpack, name));
		if (symlinkat(entry->link, fd, name))
			return -errno;
	}
	return unpack_dress_at(unpack, fd, name, true, &attributes);
}

static int make_fifo(struct unpack *unpack, const char *name, const struct tar_entry *entry)
{
	const struct unpack_attributes attributes = unpack_attributes_of(entry);
	TRY(unpack_make_way(unpack, name));
	if (mknodat(unpack->here.fd, name, S_IFIFO | 0600, 0))
		return -errno;
	return unpack_dress_at(unpack, unpack->here.fd, name, false, &attributes);
}

static int make_device(struct unpack *unpack, const char *name, const struct tar_entry *entry)
{
	struct unpack_record node;
	int result = unpack_node_of(unpack, entry, &node);
	TRY(result);
	TRY(unpack_make_way(unpack, name));
	for (size_t i = 0; i < entry->xattrs_n; i++)
		unpack_leave_out(unpack, entry->xattrs[i].name);
	return result ? 0 : unpack_node(unpack, &node, name);
}

int unpack_make(struct unpack *unpack, const struct tar_entry *entry)
{
	const char *name;
	TRY(unpack_parent(unpack, &unpack->here, entry->path, &name));
	switch (entry->kind) {
	case TAR_FILE:
		return make_file(unpack, name, entry);
	case TAR_DIRECTORY:
		return make_directory(unpack, name, entry);
	case TAR_SYMLINK:
		return make_symlink(unpack, name, entry);
	case TAR_FIFO:
		return make_fifo(unpack, name, entry);
	case TAR_CHARDEV:
	case TAR_BLOCKDEV:
		return make_device(unpack, name, entry);
	case TAR_HARDLINK:
		break;
	}
	return -EINVAL;
}
