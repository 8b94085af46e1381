// SPDX-License-Identifier: Apache-2.0
// own_program.c - our own executable: where it lies, and out of the reach of others
//
// /proc/PID/exe is more than a name: who may open it gets the file itself, in the tree of mounts
// that it was executed from. A container that reaches a process of ours this way, or makes itself
// one by executing such a link, could write to the file on the host (CVE-2019-5736), as soon as it
// is not busy any more; a runtime that engines call again and again never is for long.
//
// So before we go near a container we execute ourselves from another view of the same file: a copy
// of its mount (open_tree(2)) that is read-only and attached nowhere. When execve has closed the
// descriptor of it, the mount belongs to no namespace any more, and nobody, with whatever rights,
// can change its attributes or mount it elsewhere. Where no mount can be made a sealed memory file
// does the same, at a higher price.
//
// None of that is needed where the file can't be written by us: an ordinary user's container has no
// rights on the host that its caller lacks.
#include "base/own_program.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/memory_file.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char own[] = "/proc/self/exe";

// A view that is attached nowhere has no path but "/", and a memory file only a name: then it is
// the one that own_program_protect was called with.
ssize_t own_program_path(char path[static PATH_MAX])
{
	ssize_t n = readlink(own, path, PATH_MAX - 1);
	if (n < 0)
		return -errno;
	path[n] = '\0';
	if (!str_eq(path, "/") && !str_starts(path, "/memfd:"))
		return n;
	size_t length = strlen(program_invocation_name);
	if (program_invocation_name[0] != '/' || length >= PATH_MAX)
		return -ENOENT;
	memcpy(path, program_invocation_name, length + 1);
	return (ssize_t)length;
}

// Who owns a file can make it one that he may write.
static bool is_in_reach(void)
{
	struct stat status;
	if (faccessat(AT_FDCWD, own, W_OK, AT_EACCESS) == 0) {
		_cleanup_fd_ int fd = open(own, O_RDONLY | O_CLOEXEC);
		return !memory_file_is_sealed(fd);
	}
	if (errno == EROFS)
		return false;
	return stat(own, &status) || status.st_uid == geteuid();
}

static int open_view(void)
{
	struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
	_cleanup_fd_ int fd = open_tree(AT_FDCWD, own, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (fd < 0 || mount_setattr(fd, "", AT_EMPTY_PATH, &attributes, sizeof(attributes)))
		return -errno;
	return take_fd(&fd);
}

static int copy(int from, int to)
{
	struct stat status;
	if (fstat(from, &status))
		return -errno;
	for (off_t left = status.st_size; left;) {
		ssize_t n = sendfile(to, from, NULL, (size_t)left);
		if (n <= 0)
			return n ? -errno : -EIO;
		left -= n;
	}
	return memory_file_seal(to);
}

static int open_copy(void)
{
	_cleanup_fd_ int from = open(own, O_RDONLY | O_CLOEXEC);
	_cleanup_fd_ int to = from < 0 ? -errno : memory_file_make("tare");
	if (to < 0)
		return to;
	TRY(copy(from, to));
	return take_fd(&to);
}

static int execute(int fd, char **argv)
{
	syscall(SYS_execveat, fd, "", argv, environ, AT_EMPTY_PATH);
	return -errno;
}

int own_program_protect(char **argv)
{
	char path[PATH_MAX];
	if (!is_in_reach()) {
		prctl(PR_SET_NAME, basename(argv[0])); // before Linux 6.14 it is the descriptor's
		return 0;
	}
	ssize_t n = own_program_path(path);
	if (n < 0)
		return fail_sys((int)n, "find our own executable");
	_cleanup_fd_ int view = open_view();
	_cleanup_fd_ int file = view < 0 ? open_copy() : -1;
	int fd = view < 0 ? file : view;
	if (fd >= 0) {
		argv[0] = path;
		fd = execute(fd, argv);
	}
	return fail_sys(fd, "execute '%s' from where containers can't write to it", path);
}
