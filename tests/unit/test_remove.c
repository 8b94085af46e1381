// SPDX-License-Identifier: Apache-2.0
// test_remove.c - trees that somebody made to be hard to remove
//
// As root a child gives its rights up first: root is denied nothing, so nothing would be tested.
#include "base/remove.h"

#include "base/fd.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

enum { DEEP = 5000, DENIED_DEPTH = 80, NOBODY = 65534 };

static char directory[32]; // scratch, and what the working directory is

static int enter(void **state unused_)
{
	memcpy(directory, "/tmp/test_remove.XXXXXX", sizeof("/tmp/test_remove.XXXXXX"));
	return !mkdtemp(directory) || chmod(directory, 0777) || chdir(directory);
}

static int leave(void **state unused_)
{
	return chdir("/") || rmdir(directory);
}

static bool exists(const char *name)
{
	struct stat status;
	return lstat(name, &status) == 0;
}

static void make_file(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	close(fd);
}

static void make_deep(const char *name, int levels)
{
	_cleanup_fd_ int at = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < levels; i++) {
		const char *part = i ? "d" : name;
		assert_int_equal(mkdirat(at, part, 0755), 0);
		int next = openat(at, part, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_true(next >= 0);
		close(at);
		at = next;
	}
}

static void what_is_gone_is_fine(void **state unused_)
{
	assert_int_equal(remove_tree(AT_FDCWD, "nothing"), 0);
}

static void a_tree_goes(void **state unused_)
{
	assert_int_equal(mkdir("t", 0755), 0);
	assert_int_equal(mkdir("t/a", 0755), 0);
	make_file("t/a/file");
	make_file("t/-rf");
	assert_int_equal(mkfifo("t/fifo", 0600), 0);
	assert_int_equal(remove_tree(AT_FDCWD, "t"), 0);
	assert_false(exists("t"));
}

static void depth_does_not_matter(void **state unused_)
{
	make_deep("t", DEEP);
	assert_int_equal(remove_tree(AT_FDCWD, "t"), 0);
	assert_false(exists("t"));
}

static void wide_and_deep(void **state unused_)
{
	assert_int_equal(mkdir("t", 0755), 0);
	assert_int_equal(chdir("t"), 0);
	for (char name[] = "a"; name[0] <= 'e'; name[0]++)
		make_deep(name, 100);
	assert_int_equal(chdir(".."), 0);
	assert_int_equal(remove_tree(AT_FDCWD, "t"), 0);
	assert_false(exists("t"));
}

// The names that are used on the way may be there already, of any kind.
static void names_of_its_own_are_no_obstacle(void **state unused_)
{
	assert_int_equal(mkdir("t", 0755), 0);
	assert_int_equal(mkdir("t/.moved-0", 0755), 0);
	make_file("t/.moved-0/file");
	make_file("t/.moved-1");
	assert_int_equal(symlink("/", "t/.moved-2"), 0);
	assert_int_equal(chdir("t"), 0);
	make_deep("a", 200);
	assert_int_equal(chdir(".moved-0"), 0);
	make_deep(".moved-0", 200);
	assert_int_equal(chdir("../.."), 0);
	assert_int_equal(remove_tree(AT_FDCWD, "t"), 0);
	assert_false(exists("t"));
}

static void links_are_not_followed(void **state unused_)
{
	assert_int_equal(mkdir("kept", 0755), 0);
	make_file("kept/file");
	assert_int_equal(mkdir("t", 0755), 0);
	assert_int_equal(symlink("../kept", "t/link"), 0);
	assert_int_equal(symlink("/", "t/root"), 0);
	assert_int_equal(symlink("loop", "t/loop"), 0);
	assert_int_equal(remove_tree(AT_FDCWD, "t"), 0);
	assert_false(exists("t"));
	assert_true(exists("kept/file"));
	assert_int_equal(symlink("kept", "link"), 0);
	assert_true(remove_tree(AT_FDCWD, "link") < 0); // is no tree
	assert_true(exists("kept/file"));
	assert_int_equal(unlink("link"), 0);
	assert_int_equal(remove_tree(AT_FDCWD, "kept"), 0);
}

// Modes that deny their owner. Exits with the line that failed.
#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition))                                                                  \
			_exit(__LINE__ % 255 + 1);                                                 \
	} while (0)

static noreturn_ void remove_denied(mode_t mode)
{
	if (geteuid() == 0)
		MUST(!setresgid(NOBODY, NOBODY, NOBODY) && !setresuid(NOBODY, NOBODY, NOBODY));
	MUST(!mkdir("t", 0755) && !mkdir("t/a", 0755) && !mkdir("t/a/b", 0755));
	int fd = open("t/a/b/file", O_WRONLY | O_CREAT | O_CLOEXEC, 0);
	MUST(fd >= 0 && !close(fd));
	char path[3 * DENIED_DEPTH] = "t";
	for (int i = 1; i < DENIED_DEPTH; i++) {
		memcpy(path + strlen(path), "/d", 3);
		MUST(!mkdir(path, 0755));
	}
	for (; strlen(path) > 1; path[strlen(path) - 2] = '\0')
		MUST(!chmod(path, mode));
	MUST(!chmod("t/a/b", mode) && !chmod("t/a", mode) && !chmod("t", mode));
	MUST(remove_tree(AT_FDCWD, "t") == 0);
	MUST(!exists("t"));
	_exit(0);
}

static void modes_that_deny_their_owner(void **state unused_)
{
	static const mode_t modes[] = {0, 0100, 0200, 0300, 0400, 0500, 0600, 0055};
	for (size_t i = 0; i < lengthof(modes); i++) {
		pid_t pid = fork();
		if (pid == 0)
			remove_denied(modes[i]);
		int status = 0;
		assert_int_equal(waitpid(pid, &status, 0), pid);
		remove_tree(AT_FDCWD, "t");
		if (status)
			fail_msg("mode %o: status %x", modes[i], status);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_gone_is_fine),
		cmocka_unit_test(a_tree_goes),
		cmocka_unit_test(depth_does_not_matter),
		cmocka_unit_test(wide_and_deep),
		cmocka_unit_test(names_of_its_own_are_no_obstacle),
		cmocka_unit_test(links_are_not_followed),
		cmocka_unit_test(modes_that_deny_their_owner),
	};
	return cmocka_run_group_tests(tests, enter, leave);
}
