// SPDX-License-Identifier: Apache-2.0
// watch.c - a process that hears of a container's system calls, and tells of them at the end
//
// Two uses of a filter's listener (seccomp_unotify(2)), both for trying and not for production:
//
//	record   a call that passes the filter is asked about: it is noted and goes on. At the end
//	         those that were made are a profile in Docker's JSON.
//	explain  a call that the filter answers with an errno is asked about: it is noted with who
//	         called, and gets that errno. At the end each is a line.
//
// What goes on is done by the kernel with the arguments as they are by then. So nothing is decided
// here: the filter has done that.
//
// The process belongs to HOST, which has no hand free while it waits for INIT. With a bundle HOST
// ends first, and the process when the last one has that could call. When it dies, calls
// that are asked about fail (ENOSYS); a container's end never waits for it.
#include "box/watch/watch.h"

#include "base/fd.h"
#include "base/msg.h"
#include "kern/seccomp/run.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <poll.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum abi watch_abi(const struct seccomp_data *call)
{
	switch (call->arch) {
	case AUDIT_ARCH_I386:
		return ABI_X86;
	case AUDIT_ARCH_AARCH64:
		return ABI_AARCH64;
	case AUDIT_ARCH_ARM:
		return ABI_ARM;
	default:
		return (uint32_t)call->nr & SYSCALLS_X32_BIT ? ABI_X32 : ABI_X86_64;
	}
}

// --- hearing ------------------------------------------------------------------------------------

static void note_call(struct watch_seen *seen, const struct seccomp_data *call)
{
	enum abi abi = watch_abi(call);
	const char *name = syscalls_name(abi, (uint32_t)call->nr);
	const struct syscalls_row *row = name ? syscalls_find(str_of(name)) : NULL;
	if (row) {
		seen->made[row - syscalls] |= (uint8_t)(1u << abi);
	} else {
		seen->unnamed++;
		seen->last_unnamed = (uint32_t)call->nr;
	}
}

// Who called may be gone by now, and its number another's: then it stays without a name.
static void read_comm(const struct watch *watch, const struct seccomp_notif *asked, char *ret_comm)
{
	char path[64], comm[WATCH_COMM_SIZE] = {0};
	uint64_t id = asked->id;
	snprintf(path, sizeof(path), "/proc/%u/comm", asked->pid);
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, comm, sizeof(comm) - 1);
	if (n <= 0 || ioctl(watch->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id))
		n = 0;
	comm[n] = '\0';
	comm[strcspn(comm, "\n")] = '\0';
	memcpy(ret_comm, comm, sizeof(comm));
}

static void note_refusal(struct watch_seen *seen, const struct seccomp_notif *asked, int error)
{
	struct watch_refusal fresh = {.call = asked->data, .error = error, .pid = asked->pid};
	fresh.times = 1;
	read_comm(seen->watch, asked, fresh.comm);
	for (size_t i = 0; i < seen->refusals_n; i++) {
		struct watch_refusal *known = &seen->refusals[i];
		if (known->call.nr != fresh.call.nr || known->call.arch != fresh.call.arch ||
		    !str_eq(known->comm, fresh.comm))
			continue;
		known->times++;
		return;
	}
	if (seen->refusals_n == WATCH_REFUSALS_MAX)
		seen->others++;
	else
		seen->refusals[seen->refusals_n++] = fresh;
}

static void answer(struct watch_seen *seen, const struct seccomp_notif *asked)
{
	const struct watch *watch = seen->watch;
	const struct seccomp_filter judge = {watch->plan->judge, watch->plan->judge_n};
	struct seccomp_notif_resp reply = {.id = asked->id};
	if (watch->file >= 0) {
		note_call(seen, &asked->data);
		reply.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	} else {
		int error = (int)(seccomp_run(&judge, &asked->data, NULL) & SECCOMP_RET_DATA);
		note_refusal(seen, asked, error);
		reply.error = -error;
	}
	ioctl(watch->listener, SECCOMP_IOCTL_NOTIF_SEND, &reply); // who called may be dead by now
}

// Returns whether what was heard is to be told. A listener that nobody calls any more hangs up.
static bool hear(struct watch_seen *seen)
{
	struct pollfd wait[] = {{.fd = seen->watch->listener, .events = POLLIN},
				{.fd = seen->watch->end, .events = POLLIN}};
	for (;;) {
		if (poll(wait, lengthof(wait), -1) < 0)
			continue;
		if (wait[1].revents)
			return wait[1].revents & POLLIN;
		struct seccomp_notif asked = {0};
		if (!(wait[0].revents & POLLIN)) {
			if (seen->watch->alone)
				return true;
			wait[0].fd = -1;
		} else if (ioctl(seen->watch->listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) == 0) {
			answer(seen, &asked);
		}
	}
}

// --- telling ------------------------------------------------------------------------------------

// The file may be a terminal or a pipe, which have no length.
static int tell_profile(struct watch_seen *seen)
{
	struct buf out = buf_new(seen->arena, WATCH_PROFILE_MAX);
	watch_profile_print(seen, &out);
	int fd = seen->watch->file;
	int result = ftruncate(fd, 0) && errno != EINVAL ? -errno : 0;
	if (result >= 0)
		result = fd_write_all(fd, out.p, out.n);
	if (result < 0)
		msg_say("seccomp profile '%s': %s", seen->watch->plan->spec->watch_file,
			strerror(-result));
	if (seen->unnamed)
		msg_say("seccomp=record: %u calls are newer than tare and not in the profile, the "
			"last with number %u",
			seen->unnamed, seen->last_unnamed);
	msg_say("seccomp=record: capabilities were not recorded, tare can't yet: try --cap-drop "
		"ALL, and --cap-add for what is missing then");
	return result < 0;
}

static int tell_refusals(struct watch_seen *seen)
{
	for (size_t i = 0; i < seen->refusals_n; i++) {
		struct buf line = buf_new(seen->arena, 1024);
		watch_refusal_print(seen, &seen->refusals[i], &line);
		msg_say("%s", line.p);
	}
	if (seen->others)
		msg_say("seccomp refused %u calls more", seen->others);
	if (!seen->refusals_n)
		msg_say("seccomp refused nothing");
	return 0;
}

// --- the whole ----------------------------------------------------------------------------------

// Descriptors of HOST are its own: a lock among them, and the container's connection.
static void close_others(const struct watch *watch)
{
	const int kept[] = {watch->listener, watch->end, watch->file};
	for (int from = STDERR_FILENO + 1;;) {
		int next = INT32_MAX;
		for (size_t i = 0; i < lengthof(kept); i++)
			if (kept[i] >= from)
				next = min_of(next, kept[i]);
		if (next > from)
			syscall(SYS_close_range, from, next - 1, 0);
		if (next == INT32_MAX)
			return;
		from = next + 1;
	}
}

// Engines wait for the streams of a runtime to be closed.
static void let_go_of_streams(void)
{
	_cleanup_fd_ int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (nothing < 0 || dup2(nothing, fd) < 0)
			close(fd);
}

// Signals from the keyboard are the container's, so this stands in a session of its own.
int watch_main(void *argument)
{
	const struct watch *watch = argument;
	static struct arena arena;
	static struct watch_seen seen;
	setsid();
	close_others(watch);
	if (watch->alone)
		let_go_of_streams();
	seen.arena = &arena;
	seen.watch = watch;
	seen.made = arena_array(&arena, uint8_t, syscalls_n);
	if (!hear(&seen))
		return 0;
	return watch->file >= 0 ? tell_profile(&seen) : tell_refusals(&seen);
}
