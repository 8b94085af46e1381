// SPDX-License-Identifier: Apache-2.0
// unix.c - sockets of this host that have a name in the file system, and what travels through them
#include "base/unix.h"

#include "base/fd.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int unix_connect(const char *path, int *ret_fd)
{
	const char *slash = strrchr(path, '/');
	const char *directory = slash ? "/" : ".";
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	char parent[PATH_MAX];
	if (slash && slash != path) {
		if ((size_t)(slash - path) >= sizeof(parent))
			return -ENAMETOOLONG;
		memcpy(parent, path, (size_t)(slash - path));
		parent[slash - path] = '\0';
		directory = parent;
	}
	_cleanup_fd_ int at = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (at < 0)
		return -errno;
	int n = snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/%s", at,
			 slash ? slash + 1 : path);
	if (n >= (int)sizeof(address.sun_path))
		return -ENAMETOOLONG;
	_cleanup_fd_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return -errno;
	*ret_fd = take_fd(&fd);
	return 0;
}

static ssize_t send_with(int socket, struct str text, int descriptor)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {.header = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
	memcpy(CMSG_DATA(&control.header), &descriptor, sizeof(descriptor));
	struct iovec part = {(char *)text.p, text.n};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = descriptor >= 0 ? &control : NULL,
		.msg_controllen = descriptor >= 0 ? sizeof(control.room) : 0,
	};
	return sendmsg(socket, &message, MSG_NOSIGNAL);
}

int unix_send(int socket, struct str text, int descriptor)
{
	while (text.n) {
		ssize_t n = send_with(socket, text, descriptor);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text.p += n;
		text.n -= (size_t)n;
		descriptor = -1;
	}
	return 0;
}
