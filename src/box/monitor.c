// SPDX-License-Identifier: Apache-2.0
// monitor.c - one loop over a process, signals and a terminal
//
// Whoever started the container is its parent and stays until it ends: there is no daemon between
// them. The loop sleeps in poll(2) until one of four things happens:
//
//	the pidfd is readable       the process has ended
//	the signalfd is readable    somebody sent us a signal: the container gets it
//	standard input, with -t     keys go to the terminal's outer end
//	the terminal's outer end    what the container shows goes to standard output
//
// Without -t the container has our own descriptors 0, 1 and 2, and nothing is copied.
//
// Each direction has one buffer of fixed size and reads only when that is empty, so a slow reader
// slows the writer down and never fills our memory. With -i and without -t standard input is the
// container's own.
#include "box/monitor.h"

#include "base/fail.h"
#include "base/fd.h"
#include "kern/tty.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BUFFER_SIZE = 16 * 1024 };

// One direction of copying.
struct flow {
	int from; // -1: ended
	int to;
	size_t n;  // bytes in the buffer
	size_t at; // of which these are written
	char buffer[BUFFER_SIZE];
};

// What Docker forwards is everything but these: they are about our own process.
static const int own_signals[] = {SIGCHLD, SIGPIPE, SIGURG,  SIGSEGV, SIGBUS,  SIGILL,
				  SIGFPE,  SIGABRT, SIGTRAP, SIGSYS,  SIGTTIN, SIGTTOU};

int monitor_prepare(struct monitor *ret_monitor)
{
	sigset_t set;
	sigfillset(&set);
	for (size_t i = 0; i < lengthof(own_signals); i++)
		if (own_signals[i] != SIGCHLD)
			sigdelset(&set, own_signals[i]);
	*ret_monitor = (struct monitor){.pidfd = -1, .master = -1, .signals = -1};
	if (sigprocmask(SIG_BLOCK, &set, &ret_monitor->before))
		return fail_sys(-errno, "block signals");
	sigdelset(&set, SIGCHLD);
	ret_monitor->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (ret_monitor->signals < 0)
		return fail_sys(-errno, "open a signalfd");
	return 0;
}

static void forward_signals(struct monitor *monitor, struct monitor_end *end)
{
	struct signalfd_siginfo info;
	while (read(monitor->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		int number = (int)info.ssi_signo;
		if (number == SIGWINCH && monitor->master >= 0) {
			tty_copy_size(STDIN_FILENO, monitor->master);
			continue;
		}
		syscall(SYS_pidfd_send_signal, monitor->pidfd, number, NULL, 0);
		end->forwarded = number;
	}
}

static bool would_block(void)
{
	return errno == EAGAIN || errno == EINTR;
}

// Reads when the buffer is empty, then writes what it holds. Whichever end is shut ends the flow.
static void move(struct flow *flow, short in, short out)
{
	if (flow->from < 0)
		return;
	if (!flow->n && in) {
		ssize_t n = read(flow->from, flow->buffer, sizeof(flow->buffer));
		if (n == 0 || (n < 0 && !would_block()))
			flow->from = -1;
		flow->n = n > 0 ? (size_t)n : 0;
		flow->at = 0;
		out = 1;
	}
	if (!flow->n || !out)
		return;
	ssize_t n = write(flow->to, flow->buffer + flow->at, flow->n - flow->at);
	if (n < 0 && !would_block())
		flow->from = -1;
	flow->at += n > 0 ? (size_t)n : 0;
	if (flow->at == flow->n || flow->from < 0)
		flow->n = 0;
}

static void wait_for(const struct flow *flow, struct pollfd *in, struct pollfd *out)
{
	*in = (struct pollfd){.fd = flow->from >= 0 && !flow->n ? flow->from : -1,
			      .events = POLLIN};
	*out = (struct pollfd){.fd = flow->from >= 0 && flow->n ? flow->to : -1, .events = POLLOUT};
}

// After the process has ended its last words may still be in the terminal.
static void drain(struct flow *shown)
{
	struct pollfd in, out;
	while (shown->from >= 0) {
		wait_for(shown, &in, &out);
		struct pollfd both[] = {in, out};
		if (poll(both, 2, shown->n ? 1000 : 0) <= 0)
			break;
		move(shown, both[0].revents, both[1].revents);
	}
}

static int reap(struct monitor *monitor, struct monitor_end *end)
{
	siginfo_t info = {0};
	while (waitid(P_PIDFD, (id_t)monitor->pidfd, &info, WEXITED))
		if (errno != EINTR)
			return fail_sys(-errno, "wait for the container");
	end->killed = info.si_code != CLD_EXITED;
	end->code = info.si_status;
	return 0;
}

static int loop(struct monitor *monitor, struct flow *typed, struct flow *shown,
		struct monitor_end *end)
{
	enum { PROCESS, SIGNALS, TYPED_IN, TYPED_OUT, SHOWN_IN, SHOWN_OUT, COUNT };
	struct pollfd wait[COUNT];
	for (;;) {
		wait[PROCESS] = (struct pollfd){.fd = monitor->pidfd, .events = POLLIN};
		wait[SIGNALS] = (struct pollfd){.fd = monitor->signals, .events = POLLIN};
		wait_for(typed, &wait[TYPED_IN], &wait[TYPED_OUT]);
		wait_for(shown, &wait[SHOWN_IN], &wait[SHOWN_OUT]);
		if (poll(wait, COUNT, -1) < 0 && errno != EINTR)
			return fail_sys(-errno, "poll");
		if (wait[SIGNALS].revents)
			forward_signals(monitor, end);
		move(shown, wait[SHOWN_IN].revents, wait[SHOWN_OUT].revents);
		move(typed, wait[TYPED_IN].revents, wait[TYPED_OUT].revents);
		if (wait[PROCESS].revents)
			return 0;
	}
}

// With a terminal of its own inside, ours has to pass everything through.
static int join_terminals(struct monitor *monitor, struct flow *typed, struct flow *shown)
{
	if (monitor->stdin_open)
		typed->from = STDIN_FILENO;
	typed->to = monitor->master;
	shown->from = monitor->master;
	shown->to = STDOUT_FILENO;
	if (fcntl(monitor->master, F_SETFL, O_NONBLOCK))
		return fail_sys(-errno, "the container's terminal");
	if (!tty_is(STDIN_FILENO))
		return 0;
	tty_copy_size(STDIN_FILENO, monitor->master);
	int result = monitor->stdin_open ? tty_make_raw(STDIN_FILENO) : 0;
	return result < 0 ? fail_sys(result, "switch the terminal to raw mode") : 0;
}

int monitor_run(struct monitor *monitor, struct monitor_end *ret_end)
{
	struct flow typed = {.from = -1}, shown = {.from = -1};
	struct monitor_end end = {0};
	int result = monitor->master >= 0 ? join_terminals(monitor, &typed, &shown) : 0;
	if (result >= 0)
		result = loop(monitor, &typed, &shown, &end);
	if (result >= 0)
		drain(&shown);
	tty_restore();
	TRY(result);
	TRY(reap(monitor, &end));
	*ret_end = end;
	return 0;
}

int monitor_exit_status(const struct monitor_end *end)
{
	return end->killed ? 128 + end->code : end->code;
}
