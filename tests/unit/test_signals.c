// SPDX-License-Identifier: Apache-2.0
// test_signals.c - signals by name and number
#include "kern/process/signals.h"

#include <signal.h>

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static void names_are_read_in_every_form(void **state unused_)
{
	static const struct {
		const char *text;
		int number;
	} table[] = {
		{"TERM", SIGTERM},
		{"SIGTERM", SIGTERM},
		{"sigterm", SIGTERM},
		{"15", SIGTERM},
		{"KILL", SIGKILL},
		{"IO", SIGIO},
		{"POLL", SIGIO},
		{"CLD", SIGCHLD},
		{"STKFLT", 16},
		{"RTMIN", 34},
		{"RTMIN+3", 37},
		{"SIGRTMIN+30", 64},
		{"RTMAX", 64},
		{"RTMAX-30", 34},
		{"64", 64},
		{"33", 33},
		{"0", 0},
		{"65", 0},
		{"-1", 0},
		{"015", 0},
		{"", 0},
		{"SIG", 0},
		{"TERM ", 0},
		{"RTMIN+31", 0},
		{"RTMIN-1", 0},
		{"RTMAX-31", 0},
		{"RTMIN+", 0},
		{"NOPE", 0},
		{"SIGSIGTERM", 0},
	};
	for (size_t i = 0; i < lengthof(table); i++)
		assert_int_equal(signal_number(str_of(table[i].text)), table[i].number);
}

static void what_is_written_is_read_again(void **state unused_)
{
	char text[SIGNAL_TEXT_SIZE];
	for (int i = 1; i <= SIGNAL_MAX; i++) {
		signal_text(i, text);
		if (i == 32 || i == 33)
			assert_memory_equal(text, "signal", 6);
		else
			assert_int_equal(signal_number(str_of(text)), i);
	}
	signal_text(999, text);
	assert_string_equal(text, "signal 999");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_read_in_every_form),
		cmocka_unit_test(what_is_written_is_read_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
