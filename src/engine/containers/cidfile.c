// SPDX-License-Identifier: Apache-2.0
// cidfile.c - --cidfile: the container's id, written to a file for scripts
#include "engine/containers/cidfile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/fd.h"

static int exists(const char *path)
{
	fail(-EEXIST, "--cidfile '%s': the file is there already", path);
	fail_hint("it may belong to a container that still runs; remove it or take another name");
	return -EEXIST;
}

int cidfile_check(const char *path)
{
	struct stat status;
	if (!*path)
		return fail(-EINVAL, "--cidfile '': the name of a file is expected");
	if (lstat(path, &status) == 0)
		return exists(path);
	return errno == ENOENT ? 0 : fail_sys(-errno, "--cidfile '%s'", path);
}

int cidfile_write(const char *path, const char *id)
{
	_cleanup_fd_ int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0 && errno == EEXIST)
		return exists(path);
	if (fd < 0)
		return fail_sys(-errno, "--cidfile '%s'", path);
	int error = fd_write_all(fd, id, strlen(id));
	return error ? fail_sys(error, "--cidfile '%s'", path) : 0;
}
