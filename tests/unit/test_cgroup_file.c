// SPDX-License-Identifier: Apache-2.0
// test_cgroup_file.c - lines of /proc/self/cgroup
#include "kern/cgroup/file.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static void reads_both_versions(void **state unused_)
{
	struct str text = STR("3:cpu,cpuacct:/a:b\n1:name=systemd:/\n0::/user.slice\n");
	struct cgroup_line line;
	assert_int_equal(cgroup_file_next(&text, &line), 0);
	assert_int_equal(line.hierarchy, 3);
	assert_true(str_is(line.controllers, "cpu,cpuacct"));
	assert_true(str_is(line.path, "/a:b"));
	assert_int_equal(cgroup_file_next(&text, &line), 0);
	assert_true(str_is(line.controllers, "name=systemd"));
	assert_int_equal(cgroup_file_next(&text, &line), 0);
	assert_int_equal(line.hierarchy, 0);
	assert_true(str_is(line.controllers, ""));
	assert_true(str_is(line.path, "/user.slice"));
	assert_int_equal(cgroup_file_next(&text, &line), CGROUP_FILE_END);
}

static void other_lines_are_errors(void **state unused_)
{
	static const char *const wrong[] = {
		"\n",       "0\n",    "0:\n",    "0::\n",    "0:a:/\n",         "4::/\n",
		"-1:a:/\n", ":a:/\n", "4:a:b\n", "04:a:/\n", "4294967296:a:/\n"};
	for (size_t i = 0; i < lengthof(wrong); i++) {
		struct str text = str_of(wrong[i]);
		struct cgroup_line line;
		assert_int_equal(cgroup_file_next(&text, &line), -EINVAL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_both_versions),
		cmocka_unit_test(other_lines_are_errors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
