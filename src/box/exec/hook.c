// SPDX-License-Identifier: Apache-2.0
// hook.c - starting a hook, and hearing it to its end
//
// Three descriptors stand around a hook. Its standard input is a file in memory with the
// container's state, so a hook that doesn't read it blocks nobody. Its output is a pipe to us: of
// what it says the end is kept, to be told if it fails. A second pipe closes when execve has
// worked, or else brings its errno.
//
// It has a session of its own. When its time is over that whole group is killed; what it leaves
// running in the background when it ends by itself is meant to be there. It is killed when we are.
//
// fork(2) is called as clone(2): filters of system calls let that pass, but not clone3, whose flags
// they can't see.
#include "box/exec/hook.h"

#include "base/str.h"
#include "base/sys.h"
#include "oci/state.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/memfd.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

enum {
	SAID_MAX = 1024,       // bytes that are kept of what it says
	TIMEOUT_MAX = 1 << 30, // seconds
	STATE_MAX = 4 << 20,
};

// Prestart hooks once ran after create, and those of that time look for its word.
static const char *const statuses[] = {
	[OCI_HOOK_PRESTART] = "created",          [OCI_HOOK_CREATE_RUNTIME] = "creating",
	[OCI_HOOK_CREATE_CONTAINER] = "creating", [OCI_HOOK_START_CONTAINER] = "created",
	[OCI_HOOK_POSTSTART] = "running",         [OCI_HOOK_POSTSTOP] = "stopped",
};
static_assert(lengthof(statuses) == OCI_HOOK_COUNT, "every kind of hook sees a status");

// --- making -------------------------------------------------------------------------------------

static const char *const *list_of(struct arena *arena, const struct oci_strings *strings)
{
	const char **list = arena_array(arena, const char *, strings->n + 1);
	for (size_t i = 0; i < strings->n; i++)
		list[i] = strings->item[i];
	list[strings->n] = NULL;
	return list;
}

void hook_make(struct arena *arena, enum oci_hook_kind kind, const struct oci_hook *hook,
	       struct hook *ret_hook)
{
	struct oci_strings name = {(const char *[]){hook->path}, 1};
	*ret_hook = (struct hook){
		.kind = kind,
		.path = hook->path,
		.argv = list_of(arena, hook->args.n ? &hook->args : &name),
		.envp = list_of(arena, &hook->env),
		.timeout = min_of(hook->timeout, (int64_t)TIMEOUT_MAX),
	};
}

void hook_state_make(struct arena *arena, const char *oci_version, const char *id,
		     const char *bundle, const struct oci_pairs *annotations,
		     struct hook_state *ret_state)
{
	static const char gap[] =
		"\"status\":\"\",\"pid\":0,"; // for what changes; no id holds quotes
	struct oci_state state = {
		.oci_version = oci_version,
		.id = id,
		.status = "",
		.bundle = bundle,
		.annotations = *annotations,
	};
	struct buf text = buf_new(arena, STATE_MAX);
	oci_state_print(&text, JSON_COMPACT, &state);
	char *at = strstr(text.p, gap);
	assert(at);
	*at = '\0';
	ret_state->head = text.p;
	ret_state->tail = at + strlen(gap);
}

// --- the hook's process -------------------------------------------------------------------------

struct start {
	const struct hook *hook;
	int directory;
	int state;  // to be standard input
	int output; // to be standard output and error
	int report; // gets the errno
};

static long become(const struct start *start)
{
	uint64_t none = 0;
	sys_call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	sys_call(SYS_setsid);
	sys_call(SYS_umask, 0022);
	sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof(none));
	TRY((int)sys_call(SYS_dup3, start->state, 0, 0));
	TRY((int)sys_call(SYS_dup3, start->output, 1, 0));
	TRY((int)sys_call(SYS_dup3, start->output, 2, 0));
	if (start->directory >= 0)
		TRY((int)sys_call(SYS_fchdir, start->directory));
	TRY((int)sys_call(SYS_close_range, 3, ~0u, CLOSE_RANGE_CLOEXEC));
	return sys_call(SYS_execve, start->hook->path, start->hook->argv, start->hook->envp);
}

static int start_hook(const struct start *start, int *ret_pidfd, pid_t *ret_pid)
{
	int pidfd = -1;
	long pid = sys_call(SYS_clone, SIGCHLD | CLONE_PIDFD, 0, &pidfd);
	if (pid < 0)
		return (int)pid;
	if (pid == 0) {
		int error = (int)become(start);
		sys_call(SYS_write, start->report, &error, sizeof(error));
		sys_call(SYS_exit_group, 127);
	}
	*ret_pid = (pid_t)pid;
	*ret_pidfd = pidfd;
	return 0;
}

// --- hearing it ---------------------------------------------------------------------------------

struct said {
	char text[SAID_MAX];
	size_t n;
};

// Returns what read(2) does.
static long hear(int fd, struct said *said)
{
	if (said->n == sizeof(said->text)) {
		said->n /= 2;
		memmove(said->text, said->text + said->n, said->n);
	}
	long n = sys_call(SYS_read, fd, said->text + said->n, sizeof(said->text) - said->n);
	if (n > 0)
		said->n += (size_t)n;
	return n;
}

// The last line that has something in it, as much as there is room for.
static void keep_line(const struct said *said, char *text, size_t room)
{
	size_t end = said->n, begin;
	while (end && (said->text[end - 1] == '\n' || said->text[end - 1] == ' '))
		end--;
	for (begin = end; begin && said->text[begin - 1] != '\n';)
		begin--;
	size_t n = min_of(end - begin, room - 1);
	memcpy(text, said->text + begin, n);
	text[n] = '\0';
}

static struct timespec now(void)
{
	struct timespec time;
	sys_call(SYS_clock_gettime, CLOCK_MONOTONIC, &time);
	return time;
}

static struct timespec rest_of(const struct timespec *end)
{
	struct timespec time = now();
	struct timespec rest = {end->tv_sec - time.tv_sec, end->tv_nsec - time.tv_nsec};
	if (rest.tv_nsec < 0) {
		rest.tv_sec--;
		rest.tv_nsec += 1000000000;
	}
	if (rest.tv_sec < 0)
		rest = (struct timespec){0};
	return rest;
}

// Listens until it has ended: 0; or until its time is over: -ETIMEDOUT.
static int hear_to_end(int pidfd, int output, int64_t seconds, struct said *said)
{
	struct pollfd fds[] = {{.fd = pidfd, .events = POLLIN}, {.fd = output, .events = POLLIN}};
	struct timespec end = now();
	end.tv_sec += seconds;
	for (;;) {
		struct timespec rest = rest_of(&end);
		long n = sys_call(SYS_ppoll, fds, lengthof(fds), seconds ? &rest : NULL, NULL, 0);
		if (n < 0 && n != -EINTR)
			return (int)n;
		if (n == 0)
			return -ETIMEDOUT;
		if (n > 0 && fds[1].revents && hear(output, said) == 0)
			fds[1].fd = -1; // it has closed it
		if (n > 0 && fds[0].revents)
			break;
	}
	while (fds[1].fd >= 0 && hear(output, said) > 0)
		continue;
	return 0;
}

static int end_of(pid_t pid, const struct start *start, int pidfd, int output, struct exec_why *why)
{
	struct said said = {.n = 0};
	int status = 0;
	int result = hear_to_end(pidfd, output, start->hook->timeout, &said);
	if (result < 0)
		sys_call(SYS_kill, -pid, SIGKILL);
	while (sys_call(SYS_wait4, pid, &status, 0, NULL) == -EINTR)
		continue;
	keep_line(&said, why->interpreter, sizeof(why->interpreter));
	if (result == 0 && status) {
		why->status = status;
		result = -ECANCELED;
	}
	return result;
}

// --- the whole ----------------------------------------------------------------------------------

static int put(int fd, const char *text)
{
	size_t n = strlen(text);
	while (n) {
		long written = sys_call(SYS_write, fd, text, n);
		if (written == -EINTR)
			continue;
		if (written < 0)
			return (int)written;
		text += written;
		n -= (size_t)written;
	}
	return 0;
}

static int write_state(int fd, const struct hook_state *state, enum oci_hook_kind kind, int64_t pid)
{
	char number[STR_DECIMAL_MAX];
	str_decimal((uint64_t)pid, number);
	TRY(put(fd, state->head));
	TRY(put(fd, "\"status\":\""));
	TRY(put(fd, statuses[kind]));
	TRY(put(fd, "\",\"pid\":"));
	TRY(put(fd, number));
	TRY(put(fd, ","));
	TRY(put(fd, state->tail));
	return (int)sys_call(SYS_lseek, fd, 0, 0);
}

// Out of the way of standard input, output and error, which the hook's take.
static int lift(int *fd)
{
	if (*fd > 2)
		return 0;
	int lifted = (int)sys_call(SYS_fcntl, *fd, F_DUPFD_CLOEXEC, 3);
	TRY(lifted);
	sys_call(SYS_close, *fd);
	*fd = lifted;
	return 0;
}

static int make_descriptors(int state[static 1], int output[static 2], int report[static 2])
{
	state[0] = (int)sys_call(SYS_memfd_create, "state", MFD_CLOEXEC);
	TRY(state[0]);
	TRY((int)sys_call(SYS_pipe2, output, O_CLOEXEC));
	TRY((int)sys_call(SYS_pipe2, report, O_CLOEXEC));
	TRY(lift(&state[0]));
	TRY(lift(&output[1]));
	TRY(lift(&report[1]));
	return (int)sys_call(SYS_fcntl, output[0], F_SETFL, O_NONBLOCK);
}

static void drop(int *fd)
{
	if (*fd >= 0)
		sys_call(SYS_close, *fd);
	*fd = -1;
}

static int run(const struct hook *hook, const struct hook_state *state, int64_t pid, int directory,
	       int fds[static 5], struct exec_why *why)
{
	int *output = &fds[1], *report = &fds[3], pidfd = -1, error = 0;
	pid_t child = 0;
	TRY(make_descriptors(&fds[0], output, report));
	TRY(write_state(fds[0], state, hook->kind, pid));
	struct start start = {hook, directory, fds[0], output[1], report[1]};
	TRY(start_hook(&start, &pidfd, &child));
	drop(&output[1]);
	drop(&report[1]);
	long n = sys_call(SYS_read, report[0], &error, sizeof(error));
	int result = end_of(child, &start, pidfd, output[0], why);
	sys_call(SYS_close, pidfd);
	if (n == (long)sizeof(error)) {
		why->status = 0;
		return error;
	}
	return result;
}

int hook_run(const struct hook *hook, const struct hook_state *state, int64_t pid, int directory,
	     struct exec_why *ret_why)
{
	int fds[5] = {-1, -1, -1, -1, -1};
	*ret_why = (struct exec_why){.trouble = EXEC_HOOK};
	size_t n = min_of(strlen(hook->path), sizeof(ret_why->path) - 1);
	memcpy(ret_why->path, hook->path, n);
	n = strlen(oci_hook_names[hook->kind]);
	memcpy(ret_why->whose, oci_hook_names[hook->kind], n);
	int result = run(hook, state, pid, directory, fds, ret_why);
	for (size_t i = 0; i < lengthof(fds); i++)
		drop(&fds[i]);
	ret_why->error = result;
	return result;
}
