// SPDX-License-Identifier: Apache-2.0
// test_str.c - slices of text
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static void cuts_at_the_separator(void **state unused_)
{
	struct str rest = STR("a:b::");
	assert_true(str_is(str_cut(&rest, ':'), "a"));
	assert_true(str_is(str_cut(&rest, ':'), "b"));
	assert_true(str_is(str_cut(&rest, ':'), ""));
	assert_non_null(rest.p);
	assert_int_equal(rest.n, 0);
}

static void reads_only_whole_numbers(void **state unused_)
{
	uint64_t n = 7;
	assert_int_equal(str_number(STR("4294967295"), UINT32_MAX, &n), 0);
	assert_int_equal(n, UINT32_MAX);
	assert_int_equal(str_number(STR("4294967296"), UINT32_MAX, &n), -ERANGE);
	assert_int_equal(str_number(STR("18446744073709551616"), UINT64_MAX, &n), -ERANGE);
	static const char *const wrong[] = {"", "01", "-1", "+1", "0x0", " 1", "1 ", "1a"};
	for (size_t i = 0; i < lengthof(wrong); i++)
		assert_int_equal(str_number(str_of(wrong[i]), UINT64_MAX, &n), -EINVAL);
	assert_int_equal(n, UINT32_MAX);
}

static void reads_hexadecimal_digits(void **state unused_)
{
	uint64_t n = 7;
	static const char *const wrong[] = {"", "0x1", "A", "g", " 1", "-1", "00000000000000000"};
	for (size_t i = 0; i < lengthof(wrong); i++)
		assert_int_equal(str_hex(str_of(wrong[i]), &n), -EINVAL);
	assert_int_equal(n, 7);
	assert_int_equal(str_hex(STR("0123456789abcdef"), &n), 0);
	assert_int_equal(n, 0x0123456789abcdef);
}

static void measures_how_far_names_are_apart(void **state unused_)
{
	assert_int_equal(str_distance("memory", "memory"), 0);
	assert_int_equal(str_distance("memroy", "memory"), 1);
	assert_int_equal(str_distance("", "abc"), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_at_the_separator),
		cmocka_unit_test(reads_only_whole_numbers),
		cmocka_unit_test(reads_hexadecimal_digits),
		cmocka_unit_test(measures_how_far_names_are_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
