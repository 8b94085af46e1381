// SPDX-License-Identifier: Apache-2.0
// test_msg.c - what may be shown on a terminal
#include "base/msg.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static void shows_what_could_hide(void **state unused_)
{
	static const char *const pairs[][2] = {
		{"plain 'text', straße 名前 🐳", "plain 'text', straße 名前 🐳"},
		{"\033[2J\a\n\r\t\177", "\\x1b[2J\\x07\\x0a\\x0d\\x09\\x7f"},
		{"C1 \302\233 31m", "C1 \\xc2\\x9b 31m"},
		{"turns \342\200\256 round", "turns \\xe2\\x80\\xae round"},
		{"no UTF-8: \377\300\200 \303", "no UTF-8: \\xff\\xc0\\x80 \\xc3"},
		{"surrogate \355\240\200", "surrogate \\xed\\xa0\\x80"},
	};
	struct arena arena = {0};
	for (size_t i = 0; i < lengthof(pairs); i++) {
		struct buf out = buf_new(&arena, 256);
		msg_escape(&out, str_of(pairs[i][0]));
		assert_string_equal(out.p, pairs[i][1]);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_what_could_hide),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
