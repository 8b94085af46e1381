// SPDX-License-Identifier: Apache-2.0
// procfs.c - files of the host's /proc, written where they can't be others
//
// Settings are files of /proc, and a write to the wrong file of it is a way out: runtimes have been
// made to write a label or a setting to /proc/sysrq-trigger by a mount or a link in between. So
// there is one way to write here: /proc is opened before any path of the container's exists, it is
// asked whether it is a procfs, and the file is resolved beneath it by openat2(2), which refuses
// every link and every mount on the way.
//
// "self" is a link, too: it is read, and the process is named by the number that it tells, which
// is that of the pid namespace this procfs was mounted in.
#include "kern/namespaces/procfs.h"

#include "base/sys.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/vfs.h>

enum { NUMBER_SIZE = 16, NAME_SIZE = 64 };

static int open_root(void)
{
	struct statfs status;
	int fd = (int)sys_call(SYS_openat, AT_FDCWD, "/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fd;
	int result = (int)sys_call(SYS_fstatfs, fd, &status);
	if (result >= 0 && status.f_type == PROC_SUPER_MAGIC)
		return fd;
	sys_call(SYS_close, fd);
	return result < 0 ? result : -EXDEV;
}

static int write_beneath(int root, const char *path, const char *value)
{
	struct open_how how = {
		.flags = O_WRONLY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS |
			   RESOLVE_NO_MAGICLINKS,
	};
	int fd = (int)sys_call(SYS_openat2, root, path, &how, sizeof(how));
	if (fd < 0)
		return fd;
	size_t n = strlen(value);
	long written = sys_call(SYS_write, fd, value, n);
	sys_call(SYS_close, fd);
	return written < 0 ? (int)written : (size_t)written == n ? 0 : -EIO;
}

int procfs_write(const char *path, const char *value)
{
	int root = open_root();
	if (root < 0)
		return root;
	int result = write_beneath(root, path, value);
	sys_call(SYS_close, root);
	return result;
}

int procfs_write_self(const char *name, const char *value)
{
	char path[NUMBER_SIZE + NAME_SIZE];
	size_t length = strlen(name);
	if (length >= NAME_SIZE)
		return -ENAMETOOLONG;
	int root = open_root();
	if (root < 0)
		return root;
	long n = sys_call(SYS_readlinkat, root, "self", path, NUMBER_SIZE - 1);
	int result = n <= 0 ? (n < 0 ? (int)n : -ENOENT) : 0;
	if (result == 0) {
		path[n] = '/';
		memcpy(path + n + 1, name, length + 1);
		result = write_beneath(root, path, value);
	}
	sys_call(SYS_close, root);
	return result;
}
