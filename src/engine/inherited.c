// SPDX-License-Identifier: Apache-2.0
// inherited.c - --preserve-fds and --pidfile: what goes along, and what is told of the process
#include "engine/inherited.h"

#include <fcntl.h>

#include "base/fail.h"
#include "base/fd.h"
#include "base/str.h"

int preserve_fds_parse(const char *text, int *ret_n)
{
	uint64_t n;
	if (str_number(str_of(text), PRESERVE_FDS_MAX, &n))
		return fail(-EINVAL, "--preserve-fds '%.32s': a number from 0 to %d is expected",
			    text, PRESERVE_FDS_MAX);
	*ret_n = (int)n;
	return 0;
}

int preserve_fds_check(int n)
{
	for (int fd = 3; fd < 3 + n; fd++) {
		if (fcntl(fd, F_GETFD) == 0)
			continue;
		fail(-EBADF, "--preserve-fds '%d': descriptor %d is not open", n, fd);
		fail_hint("they are 3 and those that follow: %d<FILE opens one in the shell", fd);
		return -EBADF;
	}
	return 0;
}

int pidfile_write(struct arena *arena, const char *path, pid_t pid)
{
	const char *text = arena_printf(arena, "%d", (int)pid);
	_cleanup_fd_ int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int error = fd < 0 ? -errno : fd_write_all(fd, text, strlen(text));
	return error ? fail_sys(error, "--pidfile '%s'", path) : 0;
}
