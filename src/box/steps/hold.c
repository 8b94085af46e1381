// SPDX-License-Identifier: Apache-2.0
// hold.c - steps that take hold of what a later step will not reach by its path
//
// The first process mounts what it can see. It can't see what is mounted in another container: a
// mount belongs to a mount namespace, and no path of this one leads there (/proc/PID/root does, but
// the kernel copies no mount it finds on that way). So a child of HOST enters that mount
// namespace, copies the mount there, attached nowhere, and passes its descriptor back.
#include "box/steps/op.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/sys.h"
#include "box/steps/walk.h"
#include "kern/mounts/mount.h"
#include "kern/namespaces/namespace.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/socket.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

static int enter(const char *process, enum namespace_kind kind, uint64_t start)
{
	char path[64];
	snprintf(path, sizeof(path), "%s/ns/%s", process, namespaces[kind].file);
	_cleanup_fd_ int fd = namespace_open(&namespaces[kind], path, start);
	_cleanup_fd_ int own = namespace_own(&namespaces[kind]);
	if (fd < 0)
		return fd;
	return own >= 0 && namespace_is_same(fd, own) ? 0 : namespace_enter(&namespaces[kind], fd);
}

// The root there is hostile: what is copied must be a file system in memory, reached past no link.
static int copy_inside(const char *process, const char *path, uint64_t start)
{
	struct statfs file_system;
	TRY(enter(process, NS_USER, start));
	TRY(enter(process, NS_MOUNT, start));
	_cleanup_fd_ int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	_cleanup_fd_ int fd = root < 0 ? -errno : path_open_no_links(root, path, O_PATH);
	if (fd < 0)
		return fd;
	if (fstatfs(fd, &file_system))
		return -errno;
	if (file_system.f_type != TMPFS_MAGIC)
		return -EMEDIUMTYPE;
	return mount_copy(fd, "", false);
}

union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

// Sends the descriptor, or the error, and ends.
static _Noreturn void be_inside(int socket, const char *process, const char *path, uint64_t start)
{
	int mount = copy_inside(process, path, start);
	int error = min_of(mount, 0);
	union control control = {.header = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
	struct iovec part = {&error, sizeof(error)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	if (mount >= 0) {
		memcpy(CMSG_DATA(&control.header), &mount, sizeof(mount));
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
	}
	sendmsg(socket, &message, MSG_NOSIGNAL);
	_exit(0);
}

static int receive(int socket)
{
	int error = 0, mount;
	union control control = {0};
	struct iovec part = {&error, sizeof(error)};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	if (n != (ssize_t)sizeof(error))
		return n < 0 ? -errno : -ECHILD;
	if (error)
		return error;
	if (message.msg_controllen < CMSG_LEN(sizeof(int)))
		return -EPROTO;
	memcpy(&mount, CMSG_DATA(&control.header), sizeof(mount));
	return mount;
}

static int hold_inside(const char *process, const char *path, uint64_t start)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	_cleanup_fd_ int ours = pair[0], theirs = pair[1];
	pid_t pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0)
		be_inside(theirs, process, path, start);
	fd_close(&theirs);
	int mount = receive(ours);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return mount;
}

// "/proc/4711/root/dev/shm" is /dev/shm of process 4711.
static int hold_run(struct walk *walk, const struct step *step)
{
	const char *root = strstr(step->a, "/root/");
	const char *process =
		root ? arena_dup_n(walk->arena, step->a, (size_t)(root - step->a)) : "";
	const char *path = root ? root + strlen("/root") : step->a;
	int fd = hold_inside(process, path, step->n);
	if (fd == -EMEDIUMTYPE || fd == -ENOENT || fd == -ELOOP) {
		fail(fd, "the container whose ipc namespace is joined has no %s of its own", path);
		fail_hint("it was started with --ipc none, or has something else mounted there");
		return fd;
	}
	if (fd == -ESRCH)
		return fail(fd, "'%s': that process has ended", process);
	if (fd < 0)
		return fail_sys(fd, "copy the mount %s of '%s'", path, process);
	walk->held[walk->held_n++] = (struct walk_held){step->a, fd};
	return 0;
}

static void hold_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "take hold of %s, which is another container's", step->a);
	buf_puts(say->call, "in a child: setns(…, CLONE_NEWNS); open_tree(OPEN_TREE_CLONE); "
			    "sendmsg(SCM_RIGHTS)");
}

const struct op_row op_hold = {
	.name = "hold",
	.operands = "an",
	.lore =
		{
			.why = "shared memory by name (shm_open) is files in /dev/shm, no matter "
			       "of the ipc namespace; who shares the one wants the other",
			.without = "the two containers would share System V memory only",
			.look = "ls /proc/PID/root/dev/shm of both",
		},
	.run = hold_run,
	.say = hold_say,
};
