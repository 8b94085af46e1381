// SPDX-License-Identifier: Apache-2.0
// test_roots.c - where containers are kept
#include "engine/roots.h"

#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

static void chosen(uint32_t uid, const char *const *environment, const char *option,
		   const char *root, const char *runroot)
{
	struct arena arena = {0};
	struct roots roots = {0};
	const struct roots_caller caller = {uid, "/home/here", environment};
	assert_int_equal(roots_choose(&arena, option, option, &caller, &roots), 0);
	assert_string_equal(roots.root, root);
	assert_string_equal(roots.runroot, runroot);
	arena_free(&arena);
}

static void options_come_before_variables_before_the_usual(void **state unused_)
{
	const char *const nothing[] = {NULL};
	const char *const home[] = {"HOMER=/x", "HOME=/home/u", NULL};
	const char *const xdg[] = {"HOME=/home/u", "XDG_DATA_HOME=/data", "XDG_RUNTIME_DIR=/run/u",
				   NULL};
	const char *const relative[] = {"HOME=/home/u", "XDG_DATA_HOME=data",
					"XDG_RUNTIME_DIR=", NULL};
	const char *const ours[] = {"TARE_ROOT=/a", "TARE_RUNROOT=b/../c", NULL};
	chosen(0, nothing, NULL, "/var/lib/tare", "/run/tare");
	chosen(0, xdg, NULL, "/var/lib/tare", "/run/tare");
	chosen(1000, home, NULL, "/home/u/.local/share/tare", "/tmp/tare-1000");
	chosen(1000, xdg, NULL, "/data/tare", "/run/u/tare");
	chosen(1000, relative, NULL, "/home/u/.local/share/tare", "/tmp/tare-1000");
	chosen(1000, ours, NULL, "/a", "/home/here/c");
	chosen(0, ours, "../x/", "/home/x", "/home/x");
}

static void a_user_without_a_home_is_told(void **state unused_)
{
	struct arena arena = {0};
	struct roots roots = {0};
	const char *const nothing[] = {NULL};
	const struct roots_caller caller = {1000, "/", nothing};
	assert_int_equal(roots_choose(&arena, NULL, NULL, &caller, &roots), -EINVAL);
	assert_int_equal(roots_choose(&arena, "", "/r", &caller, &roots), -EINVAL);
	arena_free(&arena);
}

static void makes_them_private_and_trusts_no_others(void **state unused_)
{
	struct arena arena = {0};
	char top[] = "/tmp/test_roots.XXXXXX";
	assert_non_null(mkdtemp(top));
	const char *one = arena_printf(&arena, "%s/a/root", top);
	const char *two = arena_printf(&arena, "%s/run", top);
	struct roots roots = {0};
	struct stat status;
	assert_int_equal(roots_find(&arena, one, two, &roots), 0);
	assert_int_not_equal(stat(one, &status), 0);
	assert_int_equal(roots_make(&roots), 0);
	assert_int_equal(roots_make(&roots), 0);
	assert_int_equal(stat(one, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0700);

	assert_int_equal(chmod(two, 0777), 0);
	assert_int_equal(roots_find(&arena, one, two, &roots), -EPERM);
	assert_int_equal(rmdir(two), 0);
	assert_int_equal(symlink(one, two), 0);
	assert_int_equal(roots_find(&arena, one, two, &roots), -ENOTDIR);
	assert_int_equal(roots_make(&roots), -ENOTDIR);

	assert_int_equal(unlink(two), 0);
	assert_int_equal(rmdir(one), 0);
	assert_int_equal(rmdir(arena_printf(&arena, "%s/a", top)), 0);
	assert_int_equal(rmdir(top), 0);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_come_before_variables_before_the_usual),
		cmocka_unit_test(a_user_without_a_home_is_told),
		cmocka_unit_test(makes_them_private_and_trusts_no_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
