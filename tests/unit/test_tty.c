// SPDX-License-Identifier: Apache-2.0
// test_tty.c - the caller's terminal is as before, however a process ends
#include "kern/process/tty.h"

#include "terminal.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static bool same_setting(const struct termios *a, const struct termios *b)
{
	return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_lflag == b->c_lflag &&
	       a->c_cflag == b->c_cflag && memcmp(a->c_cc, b->c_cc, sizeof(a->c_cc)) == 0;
}

// Runs end() in a process that made the terminal raw, and returns how it ended.
static int raw_then(void (*end)(void))
{
	struct terminal terminal = terminal_new();
	struct termios before, after;
	struct rlimit no_core = {0, 0};
	tcgetattr(terminal.inner, &before);
	pid_t pid = fork();
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &no_core);
		struct termios raw;
		if (tty_make_raw(terminal.inner) || tcgetattr(terminal.inner, &raw) ||
		    raw.c_lflag & (ECHO | ICANON | ISIG) || tty_make_raw(terminal.inner) != -EBUSY)
			_exit(99);
		end();
		_exit(98);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(tcgetattr(terminal.inner, &after), 0);
	assert_true(same_setting(&before, &after));
	terminal_close(&terminal);
	return status;
}

static void by_restore(void)
{
	tty_restore();
	tty_restore();
	_exit(0);
}

static void by_exit(void)
{
	exit(5);
}

static void by_abort(void)
{
	abort();
}

static void by_fault(void)
{
	raise(SIGSEGV);
}

static void puts_the_setting_back(void **state unused_)
{
	assert_int_equal(WEXITSTATUS(raw_then(by_restore)), 0);
	assert_int_equal(WEXITSTATUS(raw_then(by_exit)), 5);
	assert_int_equal(WTERMSIG(raw_then(by_abort)), SIGABRT);
	assert_int_equal(WTERMSIG(raw_then(by_fault)), SIGSEGV);
}

static void knows_what_is_no_terminal(void **state unused_)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	assert_false(tty_is(ends[0]));
	assert_int_equal(tty_columns(ends[0]), 80);
	assert_int_equal(tty_make_raw(ends[0]), -ENOTTY);
	close(ends[0]);
	close(ends[1]);
}

static void passes_the_size_on(void **state unused_)
{
	struct terminal from = terminal_new(), to = terminal_new();
	struct winsize size = {.ws_row = 41, .ws_col = 99};
	ioctl(from.outer, TIOCSWINSZ, &size);
	tty_copy_size(from.inner, to.outer);
	assert_int_equal(ioctl(to.inner, TIOCGWINSZ, &size), 0);
	assert_int_equal(size.ws_row, 41);
	assert_int_equal(tty_columns(to.inner), 99);
	terminal_close(&from);
	terminal_close(&to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(puts_the_setting_back),
		cmocka_unit_test(knows_what_is_no_terminal),
		cmocka_unit_test(passes_the_size_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
