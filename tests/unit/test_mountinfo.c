// SPDX-License-Identifier: Apache-2.0
// test_mountinfo.c - lines of /proc/self/mountinfo
#include "kern/mounts/mountinfo.h"

#include "base/fd.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static void reads_each_field(void **state unused_)
{
	struct str text = STR("36 35 98:12 /sub /mnt\\040a\\134b rw,noatime shared:1 master:2 - "
			      "ext4 /dev/sda1 rw,errors=continue\n"
			      "40 22 0:27 / /sys/fs/cgroup rw - tmpfs  rw,mode=755\n");
	struct mountinfo mount;
	assert_int_equal(mountinfo_next(&arena, &text, &mount), 0);
	assert_int_equal(mount.id, 36);
	assert_int_equal(mount.parent, 35);
	assert_int_equal(mount.major, 98);
	assert_int_equal(mount.minor, 12);
	assert_string_equal(mount.root, "/sub");
	assert_string_equal(mount.target, "/mnt a\\b");
	assert_string_equal(mount.options, "rw,noatime");
	assert_string_equal(mount.propagation, "shared:1 master:2");
	assert_string_equal(mount.type, "ext4");
	assert_string_equal(mount.source, "/dev/sda1");
	assert_string_equal(mount.super_options, "rw,errors=continue");

	assert_int_equal(mountinfo_next(&arena, &text, &mount), 0);
	assert_string_equal(mount.propagation, "");
	assert_string_equal(mount.source, "");
	assert_string_equal(mount.super_options, "rw,mode=755");
	assert_int_equal(mountinfo_next(&arena, &text, &mount), MOUNTINFO_END);
}

static void a_wrong_line_is_passed_over(void **state unused_)
{
	static const char *const wrong[] = {
		"\n",
		"36\n",
		"36 35 98:0 / /mnt rw\n",
		"36 35 98:0 / /mnt rw shared:1\n",
		"36 35 98:0 / /mnt rw -\n",
		"36 35 98:0 / /mnt rw - ext4\n",
		"36 35 98:0 / /mnt rw - ext4 /dev/sda1\n",
		"36 35 98 / /mnt rw - ext4 /dev/sda1 rw\n",
		"x 35 98:0 / /mnt rw - ext4 /dev/sda1 rw\n",
		"36 35 98:0  /mnt rw - ext4 /dev/sda1 rw\n",
		"36 4294967296 98:0 / /mnt rw - ext4 /dev/sda1 rw\n",
	};
	for (size_t i = 0; i < lengthof(wrong); i++) {
		struct mountinfo mount = {.id = 7};
		struct str text = str_of(wrong[i]);
		assert_int_equal(mountinfo_next(&arena, &text, &mount), -EINVAL);
		assert_int_equal(mount.id, 7);
		assert_int_equal(mountinfo_next(&arena, &text, &mount), MOUNTINFO_END);
	}
}

static void only_whole_escapes_are_undone(void **state unused_)
{
	struct str text = STR("1 0 0:1 / /a\\04\\08\\400\\011\\ rw - t s rw");
	struct mountinfo mount;
	assert_int_equal(mountinfo_next(&arena, &text, &mount), 0);
	assert_string_equal(mount.target, "/a\\04\\08\\400\t\\");
}

static void finds_words_in_lists(void **state unused_)
{
	assert_true(mountinfo_has("rw,cpu,cpuacct", "cpu"));
	assert_true(mountinfo_has("rw,cpu,cpuacct", "cpuacct"));
	assert_false(mountinfo_has("rw,cpuacct", "cpu"));
	assert_false(mountinfo_has("", "cpu"));
}

static void reads_this_system(void **state unused_)
{
	struct str text;
	struct mountinfo mount;
	size_t n = 0;
	int got;
	assert_int_equal(
		file_read(&arena, AT_FDCWD, "/proc/self/mountinfo", MOUNTINFO_BYTES_MAX, &text), 0);
	while ((got = mountinfo_next(&arena, &text, &mount)) == 0)
		n++;
	assert_int_equal(got, MOUNTINFO_END);
	assert_true(n > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_each_field),
		cmocka_unit_test(a_wrong_line_is_passed_over),
		cmocka_unit_test(only_whole_escapes_are_undone),
		cmocka_unit_test(finds_words_in_lists),
		cmocka_unit_test(reads_this_system),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
