// SPDX-License-Identifier: Apache-2.0
// test_reaper.c - the program of --init does what process 1 has to
//
// It need not be process 1 for that: a child subreaper inherits orphans just the same. The programs
// it starts are shell scripts that look around and end with what they found as their code.
#include "box/exec/reaper.h"

#include "base/fd.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

enum { TOO_LONG = 60 }; // seconds

extern char **environ;

static int output[2]; // of the reaper and all it starts

static void (*prepare)(void); // what the child does before it becomes the reaper

static int report = -1; // where the reaper is to tell an errno

static int told_end = -1; // where it is to tell the signal that ended the program

static void become_reaper(int reaper, const char *path, const char *script)
{
	char number[12] = "-", end[12] = "-";
	const char *args[] = {"tare-init", number, end, path, "sh", "-c", script, NULL};
	dup2(output[1], STDOUT_FILENO);
	dup2(output[1], STDERR_FILENO);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (prepare)
		prepare();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC); // as tare does
	if (report >= 0) {
		snprintf(number, sizeof(number), "%d", report);
		fcntl(report, F_SETFD, 0);
	}
	if (told_end >= 0) {
		snprintf(end, sizeof(end), "%d", told_end);
		fcntl(told_end, F_SETFD, 0);
	}
	execveat(reaper, "", (char **)args, environ, AT_EMPTY_PATH);
	_exit(99);
}

static pid_t start(const char *path, const char *script)
{
	_cleanup_fd_ int reaper = reaper_open();
	assert_true(reaper >= 0);
	assert_int_equal(pipe2(output, O_CLOEXEC), 0);
	pid_t pid = fork();
	if (pid == 0)
		become_reaper(reaper, path, script);
	prepare = NULL;
	close(output[1]);
	return pid;
}

// Returns the exit status, with what was printed in `text`.
static int end_of(pid_t pid, char *text, size_t room)
{
	int status;
	size_t n = 0;
	for (ssize_t got; (got = read(output[0], text + n, room - 1 - n)) > 0;)
		n += (size_t)got;
	text[n] = '\0';
	close(output[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int run(const char *script)
{
	char text[4096];
	return end_of(start("/bin/sh", script), text, sizeof(text));
}

static void nobody_can_change_it(void **state unused_)
{
	_cleanup_fd_ int reaper = reaper_open();
	char name[64];
	struct stat status;
	assert_true(reaper > STDERR_FILENO);
	assert_int_equal(fcntl(reaper, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(reaper, F_GET_SEALS),
			 F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
	assert_int_equal(pwrite(reaper, "#!", 2, 0), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(ftruncate(reaper, 0), -1);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", reaper);
	_cleanup_fd_ int again = open(name, O_RDWR | O_CLOEXEC);
	assert_int_equal(pwrite(again, "#!", 2, 0), -1);
	assert_int_equal(fstat(reaper, &status), 0);
	assert_in_range(status.st_size, 1, 100 * 1024);
}

static void it_ends_as_the_program_ends(void **state unused_)
{
	assert_int_equal(run("exit 0"), 0);
	assert_int_equal(run("exit 9"), 9);
	assert_int_equal(run("kill -9 $$"), 128 + SIGKILL);
	assert_int_equal(run("kill -SEGV $$"), 128 + SIGSEGV);
	assert_int_equal(run("(sleep 0.05; exit 3) & exit 4"), 4);
}

static void it_tells_what_could_not_start(void **state unused_)
{
	char text[256];
	assert_int_equal(end_of(start("/gone", ""), text, sizeof(text)), 127);
	assert_string_equal(text, "tare-init: /gone: No such file or directory\n");
	assert_int_equal(end_of(start("/etc", ""), text, sizeof(text)), 126);
	assert_string_equal(text, "tare-init: /etc: Permission denied\n");
}

static void it_reports_the_errno(void **state unused_)
{
	int ends[2];
	uint32_t number = 0;
	char text[64];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	report = ends[1];
	pid_t pid = start("/gone", "");
	report = -1;
	close(ends[1]);
	assert_int_equal(read(ends[0], &number, sizeof(number)), sizeof(number));
	assert_int_equal(number, ENOENT);
	assert_int_equal(read(ends[0], &number, sizeof(number)), 0);
	assert_int_equal(end_of(pid, text, sizeof(text)), 127);
	assert_string_equal(text, "");
	close(ends[0]);
}

// Neither the reaper nor the program keeps it open: its end says that the program was executed.
static void the_report_ends_when_it_could(void **state unused_)
{
	int ends[2];
	char c, text[64];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	report = ends[1];
	pid_t pid = start("/bin/sh", "sleep 0.3; exit 6");
	report = -1;
	close(ends[1]);
	assert_int_equal(read(ends[0], &c, 1), 0);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), 0); // which still runs
	assert_int_equal(end_of(pid, text, sizeof(text)), 6);
	close(ends[0]);
}

// An exit with 137 is no kill, whatever a shell would call it.
static void it_tells_a_signal_from_an_exit(void **state unused_)
{
	bool core;
	told_end = reaper_end_open();
	assert_true(told_end >= 0);
	assert_int_equal(run("exit 137"), 137);
	assert_int_equal(reaper_end_read(told_end, 137, &core), 0);
	assert_int_equal(run("kill -9 $$"), 137);
	assert_int_equal(reaper_end_read(told_end, 137, &core), SIGKILL);
	assert_false(core);
	assert_int_equal(reaper_end_read(told_end, 137, &core), 0); // it is told once
	assert_int_equal(run("test \"$(ls /proc/self/fd | tr '\\n' ' ')\" = '0 1 2 3 ' && exit 6"),
			 6);
	fd_close(&told_end);
}

static void a_forged_end_is_not_believed(void **state unused_)
{
	static const uint64_t forged[] = {UINT64_MAX - 1, 9, 0x100, 0x7f, 11};
	bool core;
	for (size_t i = 0; i < lengthof(forged); i++) {
		_cleanup_fd_ int end = reaper_end_open();
		assert_int_equal(write(end, &forged[i], sizeof(forged[i])), sizeof(forged[i]));
		assert_int_equal(reaper_end_read(end, 3, &core), 0);
	}
	assert_int_equal(reaper_end_read(-1, 137, &core), 0);
}

static void it_passes_signals_on(void **state unused_)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGWINCH};
	static const char script[] = "trap 'exit 7' TERM INT HUP USR1 WINCH; echo ready;"
				     "while :; do sleep 0.02; done";
	char text[64];
	for (size_t i = 0; i < lengthof(numbers); i++) {
		pid_t pid = start("/bin/sh", script);
		assert_int_equal(read(output[0], text, 6), 6);
		assert_int_equal(kill(pid, numbers[i]), 0);
		assert_int_equal(end_of(pid, text, sizeof(text)), 7);
	}
	pid_t pid = start("/bin/sh", "echo ready; exec sleep 60");
	assert_int_equal(read(output[0], text, 6), 6);
	assert_int_equal(kill(pid, SIGTERM), 0);
	assert_int_equal(end_of(pid, text, sizeof(text)), 128 + SIGTERM);
}

// The orphan's parent ends at once; its number goes when somebody has waited for it.
static void it_reaps_orphans(void **state unused_)
{
	assert_int_equal(run("for i in 1 2 3 4 5; do all=\"$all $(sh -c 'true & echo $!')\"; done;"
			     "for pid in $all; do"
			     "	while test -e /proc/$pid; do sleep 0.02; done;"
			     "done; exit 6"),
			 6);
}

static void orphans_become_its_children(void **state unused_)
{
	assert_int_equal(run("pid=$(sh -c 'sleep 0.5 >/dev/null & echo $!'); sleep 0.1;"
			     "read -r _ _ _ parent _ </proc/$pid/stat;"
			     "test $parent = $PPID && exit 6"),
			 6);
}

static void ignore_children(void)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigaction(SIGCHLD, &ignore, NULL);
}

static void it_waits_whatever_it_inherits(void **state unused_)
{
	prepare = ignore_children;
	assert_int_equal(run("exit 5"), 5);
}

static void the_program_gets_a_clean_start(void **state unused_)
{
	assert_int_equal(run("grep -q 'SigBlk:.0000000000000000' /proc/self/status && exit 6"), 6);
	assert_int_equal(run("test \"$(ls /proc/self/fd | tr '\\n' ' ')\" = '0 1 2 3 ' && exit 6"),
			 6);
	assert_int_equal(
		run("read -r _ _ _ _ group _ </proc/self/stat; test $group = $$ && exit 6"), 6);
}

static char terminal[64];

static void take_the_terminal(void)
{
	setsid();
	dup2(open(terminal, O_RDWR | O_CLOEXEC), STDIN_FILENO); // becomes that of this session
}

static void the_program_owns_the_terminal(void **state unused_)
{
	_cleanup_fd_ int pty = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_int_equal(grantpt(pty) || unlockpt(pty), 0);
	assert_int_equal(ptsname_r(pty, terminal, sizeof(terminal)), 0);
	prepare = take_the_terminal;
	assert_int_equal(run("read -r _ _ _ _ group _ _ foreground _ </proc/self/stat;"
			     "test $group = $$ && test $foreground = $$ && exit 6"),
			 6);
}

int main(void)
{
	alarm(TOO_LONG); // a reaper that hangs ends with this program
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_can_change_it),
		cmocka_unit_test(it_ends_as_the_program_ends),
		cmocka_unit_test(it_tells_what_could_not_start),
		cmocka_unit_test(it_reports_the_errno),
		cmocka_unit_test(the_report_ends_when_it_could),
		cmocka_unit_test(it_tells_a_signal_from_an_exit),
		cmocka_unit_test(a_forged_end_is_not_believed),
		cmocka_unit_test(it_passes_signals_on),
		cmocka_unit_test(it_reaps_orphans),
		cmocka_unit_test(orphans_become_its_children),
		cmocka_unit_test(it_waits_whatever_it_inherits),
		cmocka_unit_test(the_program_gets_a_clean_start),
		cmocka_unit_test(the_program_owns_the_terminal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
