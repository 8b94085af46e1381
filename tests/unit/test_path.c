// SPDX-License-Identifier: Apache-2.0
// test_path.c - names that try to leave their root
#include "base/path.h"

#include "base/fd.h"
#include "base/remove.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

static char top[] = "/tmp/tare-test-path-XXXXXX"; // holds root/ and outside/
static int root = -1;

static int set_up(void **state unused_)
{
	assert_non_null(mkdtemp(top));
	assert_int_equal(chdir(top), 0);
	assert_int_equal(mkdir("root", 0755) | mkdir("outside", 0755), 0);
	root = open("root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(symlinkat("../../outside", root, "up"), 0);
	assert_int_equal(symlinkat("/etc", root, "absolute"), 0);
	assert_int_equal(symlinkat("loop", root, "loop"), 0);
	return 0;
}

static int tear_down(void **state unused_)
{
	return chdir("/") || remove_tree(AT_FDCWD, top);
}

static bool is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

static void makes_missing_parts(void **state unused_)
{
	_cleanup_fd_ int fd = path_make_in_root(root, "//a/b/./c", PATH_FILE);
	assert_true(fd >= 0);
	struct stat status;
	assert_int_equal(stat("root/a/b/c", &status), 0);
	assert_true(S_ISREG(status.st_mode));
	_cleanup_fd_ int again = path_make_in_root(root, "/a/b", PATH_DIRECTORY);
	assert_true(again >= 0);
}

static void links_cannot_lead_out(void **state unused_)
{
	assert_int_equal(path_make_in_root(root, "/up/new", PATH_DIRECTORY), -ENOENT);
	assert_int_equal(path_make_in_root(root, "/absolute/passwd", PATH_FILE), -ENOENT);
	assert_int_equal(path_make_in_root(root, "/loop/x", PATH_FILE), -ELOOP);
	assert_int_equal(path_make_in_root(root, "x/../../../y", PATH_DIRECTORY), -EXDEV);
	assert_int_equal(path_open_no_links(root, "/up", O_PATH), -ELOOP);
	// A link that leads nowhere is no target itself.
	assert_int_equal(path_make_in_root(root, "/up", PATH_DIRECTORY), -ENOENT);
	assert_int_equal(path_make_in_root(root, "/up", PATH_FILE), -ENOENT);
	assert_int_equal(path_make_in_root(root, "/absolute", PATH_FILE), -ENOENT);
	assert_false(is_there("outside/new"));
	assert_false(is_there("y"));
}

static void long_names_are_refused(void **state unused_)
{
	char name[PATH_LENGTH_MAX + 10];
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(path_make_in_root(root, name, PATH_DIRECTORY), -ENAMETOOLONG);
	name[300] = '\0';
	assert_int_equal(path_make_in_root(root, name, PATH_DIRECTORY), -ENAMETOOLONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_missing_parts),
		cmocka_unit_test(links_cannot_lead_out),
		cmocka_unit_test(long_names_are_refused),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
