// SPDX-License-Identifier: Apache-2.0
// monitor.c - one loop over a process, signals and a terminal
//
// Whoever started the container is its parent and stays until it ends: there is no daemon between
// them. The loop sleeps in poll(2) until one of four things happens,
// or the time of --timeout is over:
//
//	the pidfd is readable       the process has ended
//	the signalfd is readable    somebody sent us a signal: the container gets it, unless
//	                            --sig-proxy=false keeps it from that
//	standard input, with -t     keys go to the terminal's outer end
//	the terminal's outer end    what the container shows goes to standard output
//
// Without -t the container has our own descriptors 0, 1 and 2, and nothing is copied.
//
// Each direction has one buffer of fixed size and reads only when that is empty, so a slow reader
// slows the writer down and never fills our memory. When the process has ended, its last words may
// still be in the terminal: the loop goes on until they are written, however slow the reader is, or
// until a signal says not to wait.
//
// Ends of a conversation:
//
//	standard input ends         what a person would do: the key for "end of file" is typed
//	the caller's terminal goes  so does the container's: it is hung up
//	standard output is shut     likewise, as nobody can see it any more
//	the container lets go of    nothing: we hold its inner end too, so that a program may close
//	its terminal                it and open it again, as init programs do
#include "box/monitor/monitor.h"

#include "base/fail.h"
#include "base/fd.h"
#include "kern/process/tty.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER_SIZE = 16 * 1024 };

// One direction of copying.
struct flow {
	int from;     // -1: nothing more will be read
	int to;       // written to while the buffer holds something
	size_t n;     // bytes in the buffer
	size_t at;    // of which these are written
	char last;    // the byte read last
	char *buffer; // of BUFFER_SIZE
};

// Touched only where there is a terminal to copy for.
static char typed_buffer[BUFFER_SIZE], shown_buffer[BUFFER_SIZE];

enum flow_state {
	FLOW_ON,     // more may come
	FLOW_ENDED,  // there is nothing more to read
	FLOW_BROKEN, // nobody takes it; errno says why
};

struct session {
	struct monitor *monitor;
	struct flow typed;  // standard input to master
	struct flow shown;  // master to standard output
	int peer;           // the terminal's inner end, held so that it never closes; -1: not held
	bool from_terminal; // standard input is a terminal
	bool ended;         // the process has
	int64_t deadline;   // CLOCK_MONOTONIC in milliseconds; INT64_MAX: none
	struct monitor_end *end;
};

// What a fault of our own raises, and what stops us when we touch the caller's terminal from the
// background: these do what they always do.
static const int own_signals[] = {SIGSEGV, SIGBUS, SIGILL,  SIGFPE, SIGABRT,
				  SIGTRAP, SIGSYS, SIGTTIN, SIGTTOU};

// Blocked, and not passed on, as in Docker: they are about our own children and descriptors.
static const int kept_signals[] = {SIGCHLD, SIGPIPE, SIGURG};

int monitor_prepare(struct monitor *ret_monitor)
{
	sigset_t set;
	sigfillset(&set);
	for (size_t i = 0; i < lengthof(own_signals); i++)
		sigdelset(&set, own_signals[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return fail_sys(-errno, "block signals");
	for (size_t i = 0; i < lengthof(kept_signals); i++)
		sigdelset(&set, kept_signals[i]);
	int signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0)
		return fail_sys(-errno, "open a signalfd");
	*ret_monitor = (struct monitor){.pidfd = -1, .master = -1, .signals = signals};
	return 0;
}

// --- the terminal -------------------------------------------------------------------------------

// The size is that of the first of our descriptors that is a terminal.
static void follow_size(const struct session *session)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (!tty_is(fd))
			continue;
		tty_copy_size(fd, session->monitor->master);
		return;
	}
}

// Reading from it ends and writing to it fails for the container, whose session gets SIGHUP.
static void hang_up(struct session *session)
{
	session->typed.from = session->shown.from = -1;
	session->typed.n = session->shown.n = 0;
	fd_close(&session->peer);
	fd_close(&session->monitor->master);
}

// With a terminal of its own inside, ours has to pass everything through.
static int join_terminals(struct session *session)
{
	struct monitor *monitor = session->monitor;
	if (fcntl(monitor->master, F_SETFL, O_NONBLOCK))
		return fail_sys(-errno, "the container's terminal");
	session->peer = ioctl(monitor->master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	session->shown =
		(struct flow){.from = monitor->master, .to = STDOUT_FILENO, .buffer = shown_buffer};
	session->typed = (struct flow){.from = -1, .to = monitor->master, .buffer = typed_buffer};
	session->from_terminal = tty_is(STDIN_FILENO);
	follow_size(session);
	if (!monitor->stdin_open)
		return 0;
	session->typed.from = STDIN_FILENO;
	int result = session->from_terminal ? tty_make_raw(STDIN_FILENO) : 0;
	return result < 0 ? fail_sys(result, "switch the terminal to raw mode") : 0;
}

// --- copying ------------------------------------------------------------------------------------

static bool would_block(void)
{
	return errno == EAGAIN || errno == EINTR;
}

static enum flow_state fill(struct flow *flow)
{
	ssize_t n = read(flow->from, flow->buffer, BUFFER_SIZE);
	if (n < 0 && would_block())
		return FLOW_ON;
	if (n <= 0) {
		flow->from = -1;
		return FLOW_ENDED;
	}
	flow->n = (size_t)n;
	flow->at = 0;
	flow->last = flow->buffer[n - 1];
	return FLOW_ON;
}

// Standard output may not be made non-blocking, as others have it too. But poll(2) promised room,
// and a pipe that has room takes this much without waiting.
static enum flow_state empty(struct flow *flow)
{
	ssize_t n = write(flow->to, flow->buffer + flow->at, min_of(flow->n - flow->at, PIPE_BUF));
	if (n < 0)
		return would_block() ? FLOW_ON : FLOW_BROKEN;
	flow->at += (size_t)n;
	if (flow->at == flow->n)
		flow->n = 0;
	return FLOW_ON;
}

// Reads when the buffer is empty, then writes what it holds.
static enum flow_state move(struct flow *flow, short in, short out)
{
	if (in && flow->from >= 0 && !flow->n) {
		enum flow_state state = fill(flow);
		return flow->n ? empty(flow) : state;
	}
	return out && flow->n ? empty(flow) : FLOW_ON;
}

// The end of a file or a pipe is typed as a person would do it. In the middle of a line the key
// only sends off what there is, and has to be pressed twice.
static void type_end(struct session *session)
{
	struct flow *typed = &session->typed;
	struct termios setting;
	if (tcgetattr(session->monitor->master, &setting) || !setting.c_cc[VEOF])
		return;
	typed->buffer[0] = typed->buffer[1] = (char)setting.c_cc[VEOF];
	typed->n = typed->last && typed->last != '\n' ? 2 : 1;
	typed->at = 0;
}

static void move_typed(struct session *session, short in, short out)
{
	switch (move(&session->typed, in, out)) {
	case FLOW_ON:
		break;
	case FLOW_ENDED:
		if (session->from_terminal)
			hang_up(session);
		else
			type_end(session);
		break;
	case FLOW_BROKEN:
		session->typed.from = -1;
		session->typed.n = 0;
		break;
	}
}

static void move_shown(struct session *session, short in, short out)
{
	if (move(&session->shown, in, out) != FLOW_BROKEN)
		return;
	session->end->output_error = -errno;
	hang_up(session);
}

// --- the loop -----------------------------------------------------------------------------------

static int64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void kill_it(struct session *session)
{
	syscall(SYS_pidfd_send_signal, session->monitor->pidfd, SIGKILL, NULL, 0);
	session->end->forwarded |= UINT64_C(1) << (SIGKILL - 1);
}

// Nobody else looks after the container, so it ends with us.
static void take_signal(struct session *session, int number)
{
	if (number != SIGTERM && number != SIGINT && number != SIGHUP && number != SIGQUIT)
		return;
	session->end->interrupted = number;
	kill_it(session);
}

static void forward_signals(struct session *session)
{
	const struct monitor *monitor = session->monitor;
	struct signalfd_siginfo info;
	while (read(monitor->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		int number = (int)info.ssi_signo;
		if (number == SIGWINCH && monitor->master >= 0) {
			follow_size(session);
			continue;
		}
		if (session->ended && number != SIGCONT && number != SIGWINCH)
			hang_up(session); // do not wait for whoever reads our output
		if (monitor->no_proxy) {
			take_signal(session, number);
			continue;
		}
		syscall(SYS_pidfd_send_signal, monitor->pidfd, number, NULL, 0);
		session->end->forwarded |= UINT64_C(1) << (number - 1);
	}
}

static void wait_for(const struct flow *flow, struct pollfd *in, struct pollfd *out)
{
	*in = (struct pollfd){.fd = flow->n ? -1 : flow->from, .events = POLLIN};
	*out = (struct pollfd){.fd = flow->n ? flow->to : -1, .events = POLLOUT};
}

// How long poll may sleep, in milliseconds; -1: until something happens.
static int patience(const struct session *session, bool last_words)
{
	if (last_words)
		return 0;
	if (session->ended || session->deadline == INT64_MAX)
		return -1;
	int64_t left = session->deadline - now();
	return (int)min_of(max_of(left, (int64_t)0), (int64_t)INT_MAX);
}

static void end_in_time(struct session *session)
{
	if (session->ended || session->deadline == INT64_MAX || now() < session->deadline)
		return;
	session->deadline = INT64_MAX;
	session->end->timed_out = session->monitor->seconds;
	kill_it(session);
}

static int loop(struct session *session)
{
	enum { PROCESS, SIGNALS, TYPED_IN, TYPED_OUT, SHOWN_IN, SHOWN_OUT, COUNT };
	const struct monitor *monitor = session->monitor;
	struct pollfd wait[COUNT];
	for (;;) {
		int process = session->ended ? -1 : monitor->pidfd;
		wait[PROCESS] = (struct pollfd){.fd = process, .events = POLLIN};
		wait[SIGNALS] = (struct pollfd){.fd = monitor->signals, .events = POLLIN};
		wait_for(&session->typed, &wait[TYPED_IN], &wait[TYPED_OUT]);
		wait_for(&session->shown, &wait[SHOWN_IN], &wait[SHOWN_OUT]);
		bool last_words = session->ended && !session->shown.n;
		int n = poll(wait, COUNT, patience(session, last_words));
		if (n < 0 && errno != EINTR)
			return fail_sys(-errno, "poll");
		if (n < 0)
			continue;
		if (last_words && (n == 0 || session->shown.from < 0))
			return 0;
		end_in_time(session);
		if (wait[SIGNALS].revents)
			forward_signals(session);
		move_shown(session, wait[SHOWN_IN].revents, wait[SHOWN_OUT].revents);
		move_typed(session, wait[TYPED_IN].revents, wait[TYPED_OUT].revents);
		if (wait[PROCESS].revents) {
			session->ended = true;
			session->typed.from = -1;
			session->typed.n = 0;
		}
	}
}

// The system call tells what was used, too, which the C library's function leaves out.
static int reap(const struct monitor *monitor, struct monitor_end *end)
{
	siginfo_t info = {0};
	while (syscall(SYS_waitid, P_PIDFD, monitor->pidfd, &info, WEXITED, &end->usage))
		if (errno != EINTR)
			return fail_sys(-errno, "wait for the container");
	end->killed = info.si_code != CLD_EXITED;
	end->core = info.si_code == CLD_DUMPED;
	end->code = info.si_status;
	return 0;
}

int monitor_run(struct monitor *monitor, struct monitor_end *ret_end)
{
	struct monitor_end end = {0};
	struct session session = {
		.monitor = monitor, .typed.from = -1, .shown.from = -1, .peer = -1, .end = &end};
	session.deadline = monitor->seconds ? now() + monitor->seconds * 1000 : INT64_MAX;
	int result = monitor->master >= 0 ? join_terminals(&session) : 0;
	if (result >= 0)
		result = loop(&session);
	hang_up(&session);
	tty_restore();
	TRY(result);
	TRY(reap(monitor, &end));
	*ret_end = end;
	return 0;
}

int monitor_exit_status(const struct monitor_end *end)
{
	if (end->interrupted)
		return 128 + end->interrupted;
	return end->killed ? 128 + end->code : end->code;
}
