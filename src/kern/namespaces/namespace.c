// SPDX-License-Identifier: Apache-2.0
// namespace.c - the eight kinds of namespaces
//
// A namespace is a copy of one thing the kernel shows to processes. A process is in one of each
// kind, inherits them, and gets new ones by three calls: clone3(2) makes a child in them,
// unshare(2) puts the caller itself into them, setns(2) enters one that exists. It lives as long as
// a process is in it, or a mount or a descriptor holds its file in /proc/PID/ns. Comparing these
// files (ls -l shows their numbers) tells whether two processes share it.
//
// Containers are made of these: without them a process sees, and as root rules, the whole host.
//
// Two have manners of their own. Unsharing the pid or time namespace changes nothing for the caller
// itself, only for children it makes afterwards. And whatever is made in a user namespace belongs
// to that one: a user may make all others in the same call, as the kernel makes it first.
//
// Who may enter: CAP_SYS_ADMIN is wanted over the namespace, that is in the user namespace that
// owns it, and over one's own. So root enters any, and a user those of his own containers, by
// entering their user namespace first.
#include "kern/namespaces/namespace.h"

#include "base/fd.h"
#include "base/sys.h"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <linux/sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

const struct namespace namespaces[] = {
	{"user", "user", CLONE_NEWUSER, "CLONE_NEWUSER",
	 "Ids and capabilities: root inside is somebody harmless outside."},
	{"pid", "pid", CLONE_NEWPID, "CLONE_NEWPID",
	 "Process numbers, beginning with 1; who is outside can't be seen or signalled."},
	{"network", "net", CLONE_NEWNET, "CLONE_NEWNET",
	 "Network interfaces, addresses, routes, ports and firewall; a new one has \"lo\" alone."},
	{"ipc", "ipc", CLONE_NEWIPC, "CLONE_NEWIPC",
	 "System V shared memory and semaphores, and POSIX message queues."},
	{"uts", "uts", CLONE_NEWUTS, "CLONE_NEWUTS", "The host name and the NIS domain name."},
	{"cgroup", "cgroup", CLONE_NEWCGROUP, "CLONE_NEWCGROUP",
	 "Where the tree of cgroups seems to begin: at the group its maker was in."},
	{"time", "time", CLONE_NEWTIME, "CLONE_NEWTIME",
	 "Offsets of the clocks that count from the boot; the time of day is the host's."},
	{"mount", "mnt", CLONE_NEWNS, "CLONE_NEWNS",
	 "What is mounted where; mounts made inside do not show outside."},
};
static_assert(lengthof(namespaces) == NAMESPACE_COUNT, "a row for each namespace");

const struct namespace *namespace_find(const char *name)
{
	for (size_t i = 0; i < NAMESPACE_COUNT; i++)
		if (str_eq(namespaces[i].name, name))
			return &namespaces[i];
	return NULL;
}

// Field 22, counted from the last parenthesis, as the name before may hold any.
static int read_start(int process, uint64_t *ret_start)
{
	enum { FIELD_AFTER_NAME = 3, FIELD_START = 22 };
	char text[1024];
	_cleanup_fd_ int fd = openat(process, "stat", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	const char *end = strrchr(text, ')');
	struct str rest = str_of(end ? end + 1 : ""), word = {0};
	for (int field = FIELD_AFTER_NAME; field <= FIELD_START; field++)
		word = str_word(&rest);
	return str_number(word, UINT64_MAX, ret_start);
}

// A directory of /proc stays that of one process: what is opened below it, and its start time, are
// both of that one, or the process is gone.
static int open_of_process(const struct namespace *kind, const char *path, uint64_t start)
{
	char process[64], file[32];
	uint64_t found;
	unsigned pid;
	if (sscanf(path, "/proc/%u/ns/", &pid) != 1)
		return -EINVAL;
	snprintf(process, sizeof(process), "/proc/%u", pid);
	snprintf(file, sizeof(file), "ns/%s", kind->file);
	_cleanup_fd_ int directory = open(process, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	_cleanup_fd_ int fd = openat(directory, file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	if (read_start(directory, &found) < 0 || found != start)
		return -ESRCH;
	return take_fd(&fd);
}

int namespace_open(const struct namespace *kind, const char *path, uint64_t start)
{
	_cleanup_fd_ int fd = start ? open_of_process(kind, path, start)
				    : open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return start ? fd : -errno;
	int type = ioctl(fd, NS_GET_NSTYPE);
	if (type < 0)
		return errno == ENOTTY ? -ENOTTY : -errno;
	return (uint64_t)(unsigned)type == kind->flag ? take_fd(&fd) : -EINVAL;
}

int namespace_enter(const struct namespace *kind, int fd)
{
	return (int)sys_call(SYS_setns, fd, kind->flag);
}

int namespace_owner(int fd)
{
	int owner = ioctl(fd, NS_GET_USERNS);
	if (owner < 0)
		return -errno;
	fcntl(owner, F_SETFD, FD_CLOEXEC);
	return owner;
}

bool namespace_is_same(int a, int b)
{
	struct stat left, right;
	return fstat(a, &left) == 0 && fstat(b, &right) == 0 && left.st_dev == right.st_dev &&
	       left.st_ino == right.st_ino;
}

int namespace_own(const struct namespace *kind)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/ns/%s", kind->file);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}
