// SPDX-License-Identifier: Apache-2.0
// fd.c - reading and writing whole files
#include "base/fd.h"

#include "base/buf.h"

#include <fcntl.h>
#include <unistd.h>

void fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int fd_read_all(struct arena *arena, int fd, size_t max, struct str *ret_text)
{
	struct buf text = buf_new(arena, max);
	char piece[4096];
	for (;;) {
		ssize_t n = read(fd, piece, sizeof(piece));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		buf_add(&text, piece, (size_t)n);
		if (text.over)
			return -EFBIG;
	}
	*ret_text = buf_str(&text);
	return 0;
}

int file_read(struct arena *arena, int at, const char *name, size_t max, struct str *ret_text)
{
	_cleanup_fd_ int fd = openat(at, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return fd_read_all(arena, fd, max, ret_text);
}

int file_read_small(struct arena *arena, const char *path, size_t max, struct str *ret_text)
{
	char piece[4096];
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ssize_t n = read(fd, piece, sizeof(piece));
	if (n < 0)
		return -errno;
	if ((size_t)n == sizeof(piece))
		return file_read(arena, AT_FDCWD, path, max, ret_text);
	*ret_text = (struct str){arena_dup_n(arena, piece, (size_t)n), (size_t)n};
	return 0;
}

int fd_write_all(int fd, const char *bytes, size_t n)
{
	while (n) {
		ssize_t done = write(fd, bytes, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		bytes += done;
		n -= (size_t)done;
	}
	return 0;
}

int file_put(int at, const char *name, const char *bytes, size_t n)
{
	_cleanup_fd_ int fd = openat(at, name, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ssize_t done = write(fd, bytes, n);
	if (done < 0)
		return -errno;
	return (size_t)done == n ? 0 : -EIO;
}
