// SPDX-License-Identifier: Apache-2.0
// test_pty.c - a terminal in a devpts of its own
//
// The test mounts a devpts as a container has it, in a user and a mount namespace of its own.
#include "kern/process/pty.h"

#include "base/fd.h"
#include "terminal.h"

#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static char directory[] = "/tmp/test_pty.XXXXXX";

static int map_ourselves(uid_t uid, gid_t gid)
{
	char text[64];
	file_put(AT_FDCWD, "/proc/self/setgroups", "deny", 4);
	int n = snprintf(text, sizeof(text), "0 %u 1", uid);
	TRY(file_put(AT_FDCWD, "/proc/self/uid_map", text, (size_t)n));
	n = snprintf(text, sizeof(text), "0 %u 1", gid);
	return file_put(AT_FDCWD, "/proc/self/gid_map", text, (size_t)n);
}

static int make_devpts(void **state unused_)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	if (!mkdtemp(directory) || unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return -errno;
	TRY(map_ourselves(uid, gid));
	return mount("devpts", directory, "devpts", 0, "newinstance,ptmxmode=0666") ? -errno : 0;
}

static int remove_devpts(void **state unused_)
{
	umount2(directory, MNT_DETACH);
	return rmdir(directory);
}

static void open_pair(struct terminal *ret_terminal)
{
	_cleanup_fd_ int devpts = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(devpts >= 0);
	assert_int_equal(pty_open(devpts, &ret_terminal->outer, &ret_terminal->inner), 0);
}

static void opens_a_pair_in_that_instance(void **state unused_)
{
	struct terminal terminal;
	char name[PATH_MAX], wanted[PATH_MAX], link[64];
	open_pair(&terminal);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", terminal.inner);
	ssize_t n = readlink(link, name, sizeof(name) - 1);
	assert_true(n > 0);
	name[n] = '\0';
	snprintf(wanted, sizeof(wanted), "%s/0", directory);
	assert_string_equal(name, wanted);
	assert_true(fcntl(terminal.outer, F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(terminal.inner, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(write(terminal.outer, "hello\n", 6), 6);
	char text[16] = "";
	assert_int_equal(read(terminal.inner, text, sizeof(text)), 6);
	assert_string_equal(text, "hello\n");
	terminal_close(&terminal);
}

static void says_where_there_is_none(void **state unused_)
{
	int master = -1, terminal = -1;
	_cleanup_fd_ int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(pty_open(root, &master, &terminal), -EXDEV);
	assert_int_equal(master, -1);
}

static void becomes_the_controlling_terminal(void **state unused_)
{
	struct terminal terminal;
	open_pair(&terminal);
	pid_t pid = fork();
	if (pid == 0) {
		if (setsid() < 0 || pty_take(terminal.inner))
			_exit(1);
		bool open = fcntl(terminal.inner, F_GETFD) >= 0;
		dprintf(2, "%s\n", !open && isatty(0) && tcgetpgrp(1) == getpid() ? "ours" : "no");
		pause();
		_exit(2);
	}
	close(terminal.inner);
	assert_true(read_until(terminal.outer, "ours"));
	assert_int_equal(write(terminal.outer, "\x03", 1), 1); // ^C
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGINT);
	close(terminal.outer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_a_pair_in_that_instance),
		cmocka_unit_test(says_where_there_is_none),
		cmocka_unit_test(becomes_the_controlling_terminal),
	};
	return cmocka_run_group_tests(tests, make_devpts, remove_devpts);
}
