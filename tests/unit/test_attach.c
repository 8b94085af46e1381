// SPDX-License-Identifier: Apache-2.0
// test_attach.c - which of the three streams are ours, and which descriptors go along
#include "engine/process/attach.h"

#include "base/fail.h"
#include "engine/process/inherited.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static int parse(const char *a, const char *b, struct attach *ret)
{
	const char *texts[] = {a, b};
	struct oci_strings list = {texts, a ? b ? 2 : 1 : 0};
	return attach_parse(&list, ret);
}

static void streams_are_those_that_are_named(void **state unused_)
{
	struct attach attach;
	assert_int_equal(parse(NULL, NULL, &attach), 0);
	assert_true(attach.input && attach.output && attach.error);
	assert_int_equal(parse("stdout", NULL, &attach), 0);
	assert_true(!attach.input && attach.output && !attach.error);
	assert_int_equal(parse("STDIN", "StdErr", &attach), 0);
	assert_true(attach.input && !attach.output && attach.error);
	assert_int_equal(parse("stdin", NULL, &attach), -EOPNOTSUPP);
	assert_int_equal(parse("stdout", "", &attach), -EINVAL);
	assert_int_equal(parse("stdout ", NULL, &attach), -EINVAL);
}

static void descriptors_are_a_number(void **state unused_)
{
	static const char *const bad[] = {"", "-1", "x", "1025", "01", "1 "};
	int n = -1;
	assert_int_equal(preserve_fds_parse("0", &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(preserve_fds_parse("1024", &n), 0);
	for (size_t i = 0; i < lengthof(bad); i++)
		assert_int_equal(preserve_fds_parse(bad[i], &n), -EINVAL);
	assert_int_equal(n, 1024);
	assert_int_equal(preserve_fds_check(0, NULL), 0);
	assert_int_equal(preserve_fds_check(1000, NULL), -EBADF);
	assert_int_equal(preserve_fds_check(0, "99999"), -EBADF);
}

static int list_of(struct arena *arena, const char *one, const char *other, int n,
		   const char **ret_list)
{
	const char *texts[] = {one, other};
	return preserve_fd_parse(arena, &(struct oci_strings){texts, other ? 2 : 1}, n, ret_list);
}

static void descriptors_are_a_sorted_list(void **state unused_)
{
	static const char *const bad[] = {"", "2", "-1", "x", "3,", ",3", "3,,4", "03", "3 "};
	struct arena arena = {0};
	const char *list = "";
	assert_int_equal(list_of(&arena, "9,4", "7,4", 0, &list), 0);
	assert_string_equal(list, "4,7,9");
	assert_int_equal(list_of(&arena, "3,4", NULL, 2, &list), 0);
	assert_null(list);
	assert_int_equal(list_of(&arena, "5,3", NULL, 2, &list), 0);
	assert_string_equal(list, "5");
	for (size_t i = 0; i < lengthof(bad); i++)
		assert_int_equal(list_of(&arena, bad[i], NULL, 0, &list), -EINVAL);
	struct buf many = buf_new(&arena, 4096);
	for (int i = 0; i < PRESERVE_FD_LIST_MAX; i++)
		buf_printf(&many, "%d,", 2000 - i);
	buf_puts(&many, "3");
	assert_int_equal(list_of(&arena, many.p, NULL, 0, &list), -E2BIG);
	assert_int_equal(list_of(&arena, many.p, NULL, 1, &list), 0);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_are_those_that_are_named),
		cmocka_unit_test(descriptors_are_a_number),
		cmocka_unit_test(descriptors_are_a_sorted_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
