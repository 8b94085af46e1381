// SPDX-License-Identifier: Apache-2.0
// test_monitor.c - looking after a process, its signals and its terminal
//
// Three processes: the test plays the person, a first child plays tare with the monitor in it, and
// a child of that plays the workload.
#include "box/monitor/monitor.h"

#include "kern/process/pty.h"
#include "terminal.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

enum { WRONG = 99, MUCH = 1 << 20, LONG_ENOUGH = 20, FDS_MAX = 64 };

static void nap(unsigned milliseconds)
{
	struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
	nanosleep(&time, NULL);
}

// --- without a terminal -------------------------------------------------------------------------

// Starts workload() under a monitor and returns when it says that it is ready.
static void start(struct monitor *ret_monitor, void (*workload)(int ready))
{
	int ready[2];
	sigset_t none;
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(monitor_prepare(ret_monitor), 0);
	pid_t pid = fork();
	if (pid == 0) {
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		workload(ready[1]);
		_exit(WRONG);
	}
	char c;
	close(ready[1]);
	assert_true(read(ready[0], &c, 1) >= 0);
	close(ready[0]);
	ret_monitor->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	assert_true(ret_monitor->pidfd >= 0);
}

static void finish(struct monitor *monitor, struct monitor_end *ret_end)
{
	assert_int_equal(monitor_run(monitor, ret_end), 0);
	close(monitor->pidfd);
	close(monitor->signals);
	sigset_t none, kept;
	sigemptyset(&none);
	sigemptyset(&kept);
	sigaddset(&kept, SIGPIPE);
	sigtimedwait(&kept, NULL, &(struct timespec){0});
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void ends_with_three(int ready unused_)
{
	_exit(3);
}

static void kills_itself(int ready unused_)
{
	raise(SIGKILL);
}

static void exit_seven(int number unused_)
{
	_exit(7);
}

static void exit_eight(int number unused_)
{
	_exit(8);
}

static void waits_for_signals(int ready)
{
	struct sigaction seven = {.sa_handler = exit_seven}, eight = {.sa_handler = exit_eight};
	sigaction(SIGTERM, &seven, NULL);
	sigaction(SIGRTMIN + 1, &seven, NULL);
	sigaction(SIGPIPE, &eight, NULL);
	sigaction(SIGURG, &eight, NULL);
	close(ready);
	for (;;)
		pause();
}

static void tells_how_it_ended(void **state unused_)
{
	struct monitor monitor;
	struct monitor_end end;
	start(&monitor, ends_with_three);
	finish(&monitor, &end);
	assert_false(end.killed);
	assert_int_equal(monitor_exit_status(&end), 3);
	start(&monitor, kills_itself);
	finish(&monitor, &end);
	assert_true(end.killed);
	assert_int_equal(end.code, SIGKILL);
	assert_int_equal(end.forwarded, 0);
	assert_int_equal(monitor_exit_status(&end), 137);
}

static void forwards_signals(void **state unused_)
{
	static const int passed[] = {SIGTERM, 35};
	for (size_t i = 0; i < lengthof(passed); i++) {
		struct monitor monitor;
		struct monitor_end end;
		start(&monitor, waits_for_signals);
		raise(SIGPIPE);
		raise(SIGURG);
		raise(passed[i]);
		finish(&monitor, &end);
		assert_int_equal(monitor_exit_status(&end), 7);
		assert_int_equal(end.forwarded, UINT64_C(1) << (passed[i] - 1));
	}
}

// --- with one -----------------------------------------------------------------------------------

// Plays tare: its standard streams are as given, workload() has the terminal. Returns its pid.
static pid_t play_tare(int in, int out, bool stdin_open, void (*workload)(void))
{
	pid_t tare = fork();
	if (tare)
		return tare;
	struct monitor monitor;
	struct monitor_end end;
	alarm(LONG_ENOUGH); // passed on to the workload, if it comes to that
	setsid();
	ioctl(in, TIOCSCTTY, 0);
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || monitor_prepare(&monitor))
		_exit(WRONG);
	for (int fd = 3; fd < FDS_MAX; fd++)
		if (fd != monitor.signals)
			close(fd);
	struct terminal terminal = terminal_new();
	pid_t pid = fork();
	if (pid == 0) {
		sigset_t none;
		sigemptyset(&none);
		setsid();
		pty_take(terminal.inner);
		close(terminal.outer);
		sigprocmask(SIG_SETMASK, &none, NULL);
		workload();
		_exit(WRONG);
	}
	close(terminal.inner);
	monitor.pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	monitor.master = terminal.outer;
	monitor.stdin_open = stdin_open;
	if (monitor_run(&monitor, &end))
		_exit(WRONG);
	_exit(monitor_exit_status(&end));
}

static int status_of(pid_t pid)
{
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void echoes_a_line(void)
{
	char line[64];
	dprintf(1, "ready");
	ssize_t n = read(0, line, sizeof(line));
	dprintf(1, "got %.*s", (int)max_of(n, 0), line);
	_exit(4);
}

static void copies_both_ways_and_restores(void **state unused_)
{
	struct terminal person = terminal_new();
	struct termios before, during, after;
	tcgetattr(person.inner, &before);
	pid_t tare = play_tare(person.inner, person.inner, true, echoes_a_line);
	assert_true(read_until(person.outer, "ready"));
	tcgetattr(person.inner, &during);
	assert_false(during.c_lflag & (ECHO | ICANON | ISIG));
	assert_int_equal(write(person.outer, "text\r", 5), 5);
	assert_true(read_until(person.outer, "got text"));
	assert_int_equal(status_of(tare), 4);
	tcgetattr(person.inner, &after);
	assert_int_equal(before.c_lflag, after.c_lflag);
	assert_int_equal(before.c_oflag, after.c_oflag);
	terminal_close(&person);
}

static void wakes_up(int number unused_)
{
}

static void tells_its_size(void)
{
	struct sigaction action = {.sa_handler = wakes_up};
	struct winsize size;
	sigset_t winch;
	sigemptyset(&winch);
	sigaddset(&winch, SIGWINCH);
	sigprocmask(SIG_BLOCK, &winch, NULL);
	sigaction(SIGWINCH, &action, NULL);
	ioctl(0, TIOCGWINSZ, &size);
	while (size.ws_row != 24)
		ioctl(0, TIOCGWINSZ, &size);
	dprintf(1, "ready");
	int number;
	do {
		sigwait(&winch, &number);
		ioctl(0, TIOCGWINSZ, &size);
	} while (size.ws_row == 24);
	dprintf(1, "now %u %u", size.ws_row, size.ws_col);
	_exit(0);
}

static void follows_the_size(void **state unused_)
{
	struct terminal person = terminal_new();
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	ioctl(person.outer, TIOCSWINSZ, &size);
	pid_t tare = play_tare(person.inner, person.inner, true, tells_its_size);
	assert_true(read_until(person.outer, "ready"));
	size = (struct winsize){.ws_row = 41, .ws_col = 99};
	ioctl(person.outer, TIOCSWINSZ, &size);
	assert_true(read_until(person.outer, "now 41 99"));
	assert_int_equal(status_of(tare), 0);
	terminal_close(&person);
}

static void reads_to_the_end(void)
{
	char line[64];
	ssize_t n, all = 0;
	while ((n = read(0, line, sizeof(line))) > 0)
		all += n;
	_exit(n < 0 ? WRONG : (int)all);
}

// Gives the workload a pipe with this text as tare's standard input.
static int with_input(const char *text)
{
	int ends[2];
	int out = open("/dev/null", O_WRONLY | O_CLOEXEC);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
	close(ends[1]);
	pid_t tare = play_tare(ends[0], out, true, reads_to_the_end);
	close(ends[0]);
	close(out);
	return status_of(tare);
}

static void types_the_end_of_a_pipe(void **state unused_)
{
	assert_int_equal(with_input(""), 0);
	assert_int_equal(with_input("one\ntwo\n"), 8);
	assert_int_equal(with_input("no newline"), 10);
}

static void writes_much(void)
{
	static char text[4096];
	memset(text, 'x', sizeof(text));
	for (size_t n = 0; n < MUCH;) {
		ssize_t done = write(1, text, sizeof(text));
		if (done < 0)
			_exit(WRONG);
		n += (size_t)done;
	}
	_exit(0);
}

static void loses_nothing_to_a_slow_reader(void **state unused_)
{
	static char text[16 * 1024];
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	pid_t tare = play_tare(ends[0], ends[1], false, writes_much);
	close(ends[1]);
	size_t all = 0;
	ssize_t n;
	while ((n = read(ends[0], text, sizeof(text))) > 0) {
		all += (size_t)n;
		// The last words wait for the reader, too: by then the workload has ended.
		if (all > MUCH - 64 * 1024 && all < MUCH - 32 * 1024)
			nap(700);
	}
	assert_int_equal(all, MUCH);
	assert_int_equal(status_of(tare), 0);
	close(ends[0]);
}

static void hangs_up_when_nobody_reads(void **state unused_)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
	close(ends[0]);
	pid_t tare = play_tare(in, ends[1], false, writes_much);
	assert_int_equal(status_of(tare), 128 + SIGHUP);
	close(in);
	close(ends[1]);
}

static void sleeps_then_ends(void)
{
	nap(400);
	_exit(0);
}

static void sleeps_while_nothing_happens(void **state unused_)
{
	struct rusage usage;
	int in = open("/dev/null", O_RDONLY | O_CLOEXEC), out = open("/dev/null", O_WRONLY);
	pid_t tare = play_tare(in, out, true, sleeps_then_ends);
	int status;
	assert_int_equal(wait4(tare, &status, 0, &usage), tare);
	assert_int_equal(status, 0);
	assert_true(usage.ru_nvcsw < 50);
	assert_true(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec < 150000);
	close(in);
	close(out);
}

static void opens_its_terminal_again(void)
{
	char name[64];
	snprintf(name, sizeof(name), "%s", ttyname(0));
	for (int fd = 0; fd <= 2; fd++)
		close(fd);
	nap(100);
	int fd = open(name, O_RDWR);
	dprintf(fd, "again");
	_exit(6);
}

static void outlives_a_terminal_let_go(void **state unused_)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	pid_t tare = play_tare(ends[0], ends[1], false, opens_its_terminal_again);
	assert_true(read_until(ends[0], "again"));
	assert_int_equal(status_of(tare), 6);
	close(ends[0]);
	close(ends[1]);
}

static void waits_for_ever(void)
{
	dprintf(1, "ready");
	for (;;)
		pause();
}

static void keeps_signals_where_it_should(void **state unused_)
{
	struct monitor monitor;
	struct monitor_end end;
	start(&monitor, waits_for_signals);
	monitor.no_proxy = true;
	raise(SIGUSR1); // passes by
	raise(SIGINT);
	finish(&monitor, &end);
	assert_true(end.killed);
	assert_int_equal(end.interrupted, SIGINT);
	assert_int_equal(monitor_exit_status(&end), 128 + SIGINT);
}

static void kills_in_time(void **state unused_)
{
	struct monitor monitor;
	struct monitor_end end;
	start(&monitor, waits_for_signals);
	monitor.seconds = 1;
	finish(&monitor, &end);
	assert_true(end.killed);
	assert_int_equal(end.timed_out, 1);
	assert_int_equal(monitor_exit_status(&end), 128 + SIGKILL);
}

static void dies_of_what_is_forwarded(void **state unused_)
{
	struct terminal person = terminal_new();
	struct termios before, after;
	tcgetattr(person.inner, &before);
	pid_t tare = play_tare(person.inner, person.inner, true, waits_for_ever);
	assert_true(read_until(person.outer, "ready"));
	kill(tare, SIGTERM);
	assert_int_equal(status_of(tare), 128 + SIGTERM);
	tcgetattr(person.inner, &after);
	assert_int_equal(before.c_lflag, after.c_lflag);
	terminal_close(&person);
}

static void counts_to_the_hangup(void)
{
	char line[64];
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigaction(SIGHUP, &ignore, NULL);
	dprintf(1, "ready");
	while (read(0, line, sizeof(line)) > 0)
		;
	_exit(9);
}

static void passes_a_hangup_on(void **state unused_)
{
	struct terminal person = terminal_new();
	pid_t tare = play_tare(person.inner, person.inner, true, counts_to_the_hangup);
	close(person.inner);
	assert_true(read_until(person.outer, "ready"));
	close(person.outer);
	assert_int_equal(status_of(tare), 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_how_it_ended),
		cmocka_unit_test(forwards_signals),
		cmocka_unit_test(copies_both_ways_and_restores),
		cmocka_unit_test(follows_the_size),
		cmocka_unit_test(types_the_end_of_a_pipe),
		cmocka_unit_test(loses_nothing_to_a_slow_reader),
		cmocka_unit_test(hangs_up_when_nobody_reads),
		cmocka_unit_test(sleeps_while_nothing_happens),
		cmocka_unit_test(outlives_a_terminal_let_go),
		cmocka_unit_test(keeps_signals_where_it_should),
		cmocka_unit_test(kills_in_time),
		cmocka_unit_test(dies_of_what_is_forwarded),
		cmocka_unit_test(passes_a_hangup_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
