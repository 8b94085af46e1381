// SPDX-License-Identifier: Apache-2.0
// watch.c - the step that starts the process which hears of a container's system calls
#include "box/steps/op.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/msg.h"
#include "box/steps/walk.h"
#include "box/watch/watch.h"
#include "kern/namespaces/clone.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE = 5000 }; // milliseconds it may take to tell: its standard error may be a full pipe

// a: the file that gets the profile; NULL: refusals are explained.
static int watch_run(struct walk *walk, const struct step *step)
{
	_cleanup_fd_ int listener = take_fd(&walk->slot[SLOT_LISTENER]);
	_cleanup_fd_ int file = -1;
	_cleanup_fd_ int end = -1;
	bool alone = walk->plan->spec->waits;
	int ends[2];
	pid_t pid;
	if (listener < 0)
		return fail(-EPROTO, "the container's first process sent no seccomp listener");
	if (step->a) {
		int fresh = alone ? O_EXCL | O_NOFOLLOW : 0;
		file = open(step->a, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | fresh, 0644);
		if (file < 0)
			return fail_sys(-errno, "seccomp=record: '%s'", step->a);
	}
	if (!alone && pipe2(ends, O_CLOEXEC))
		return fail_sys(-errno, "make a pipe");
	if (!alone) {
		end = ends[0];
		walk->slot[SLOT_WATCH_END] = ends[1];
	}
	struct watch watch = {walk->plan, listener, end, file, alone};
	int result = clone_child(&(struct clone_want){.cgroup = -1}, watch_main, &watch,
				 &walk->slot[SLOT_WATCHER], &pid);
	return result < 0 ? fail_sys(result, "make a process that hears of system calls") : 0;
}

static void reap(int watcher)
{
	struct pollfd wait = {.fd = watcher, .events = POLLIN};
	siginfo_t info;
	if (poll(&wait, 1, PATIENCE) <= 0)
		syscall(SYS_pidfd_send_signal, watcher, SIGKILL, NULL, 0);
	while (waitid(P_PIDFD, (id_t)watcher, &info, WEXITED) < 0 && errno == EINTR)
		continue;
}

// A start that failed has nothing to tell, and leaves no empty file.
static void drop_file(const char *path)
{
	struct stat status;
	if (path && stat(path, &status) == 0 && S_ISREG(status.st_mode) && !status.st_size)
		unlink(path);
}

static int watch_undo(struct walk *walk, const struct step *step)
{
	_cleanup_fd_ int watcher = take_fd(&walk->slot[SLOT_WATCHER]);
	bool alone = walk->plan->spec->waits;
	if (watcher >= 0 && alone) // a start that is taken back
		syscall(SYS_pidfd_send_signal, watcher, SIGKILL, NULL, 0);
	else if (watcher >= 0 && !walk->failed && write(walk->slot[SLOT_WATCH_END], "", 1) < 0)
		msg_say("seccomp=record, =explain: the process that heard of the calls is gone");
	fd_close(&walk->slot[SLOT_WATCH_END]);
	if (watcher < 0)
		return 0;
	reap(watcher);
	if (walk->failed || alone)
		drop_file(step->a);
	return 0;
}

static void watch_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	if (step->a)
		buf_printf(say->title, "note each system call that is made, for a profile in %s",
			   step->a);
	else
		buf_puts(say->title, "note each system call that the filter refuses, and to whom");
	buf_puts(say->call, "clone3(); in it poll(), ioctl(SECCOMP_IOCTL_NOTIF_RECV), "
			    "ioctl(SECCOMP_IOCTL_NOTIF_SEND)");
}

const struct op_row op_seccomp_watch = {
	.name = "seccomp-watch",
	.operands = "a",
	.lore =
		{
			.why = "--security-opt seccomp=record or =explain, for trying and not for "
			       "production: the filter asks a process of tare's, which notes the "
			       "call and tells of it when the container has ended",
			.without = "nobody would answer, and those calls would fail: there is no "
				   "such function (ENOSYS)",
			.look = "ls -l /proc/TARE/fd of tare's child; its listener is "
				"'anon_inode:seccomp notify'",
		},
	.run = watch_run,
	.undo = watch_undo,
	.say = watch_say,
};
