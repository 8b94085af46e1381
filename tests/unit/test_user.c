// SPDX-License-Identifier: Apache-2.0
// test_user.c - a user that can't be read is an error, never root
#include "engine/ids/user.h"

#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static void numbers_are_exact(void **state unused_)
{
	static const struct {
		const char *text;
		struct engine_user user;
	} table[] = {
		{"0", {true, true, 0, false, 0}},
		{"1", {false, true, 1, false, 0}},
		{"1000:50", {false, true, 1000, true, 50}},
		{"2147483648", {false, true, 2147483648, false, 0}},
		{"4294967294:4294967294", {false, true, 4294967294, true, 4294967294}},
		{"root", {true, false, 0, false, 0}},
		{"root:0", {true, false, 0, true, 0}},
		{"app", {false, false, 0, false, 0}},
		{"app:media", {false, false, 0, false, 0}},
		{"5000:media", {false, true, 5000, false, 0}},
		{"0x0", {false, false, 0, false, 0}}, // a name to look up, and no number
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		struct engine_user user;
		assert_int_equal(user_parse("--user", table[i].text, &user), 0);
		assert_int_equal(user.root, table[i].user.root);
		assert_int_equal(user.has_number, table[i].user.has_number);
		assert_int_equal(user.uid, table[i].user.uid);
		assert_int_equal(user.has_group, table[i].user.has_group);
		assert_int_equal(user.gid, table[i].user.gid);
	}
}

static void the_rest_is_an_error(void **state unused_)
{
	static const char *const wrong[] = {
		"",
		"01",
		"00",
		"-1",
		"+1",
		"4294967295",
		"4294967296",
		":",
		":0",
		"app:",
		"0:01",
		"0:-1",
		"0:4294967295",
		"a:b:c",
		" 0",
		"0 ",
		"a b",
		"a\tb",
		"a\nb",
		"99999999999999999999999",
		"a/b",
	};
	for (size_t i = 0; i < lengthof(wrong); i++) {
		struct engine_user user = {.uid = 77};
		assert_true(user_parse("--user", wrong[i], &user) < 0);
		assert_true(str_starts(fault_last()->text, "--user '"));
		assert_int_equal(user.uid, 77);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_exact),
		cmocka_unit_test(the_rest_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
