// SPDX-License-Identifier: Apache-2.0
// test_moment.c - points in time, as documents write them
#include "base/moment.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static void it_is_utc_with_nine_digits_behind_the_point(void **state unused_)
{
	char text[MOMENT_SIZE];
	moment_text(&(struct timespec){951782400, 7}, text);
	assert_string_equal(text, "2000-02-29T00:00:00.000000007Z");
	moment_text(&(struct timespec){0, 999999999}, text);
	assert_string_equal(text, "1970-01-01T00:00:00.999999999Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_utc_with_nine_digits_behind_the_point),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
