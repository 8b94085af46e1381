// SPDX-License-Identifier: Apache-2.0
// test_namespace_choice.c - whose namespace a word means
#include "engine/namespaces/namespace_choice.h"

#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

enum { USUAL = 1 << NAMESPACE_PRIVATE | 1 << NAMESPACE_HOST | 1 << NAMESPACE_PATH };

static void words_mean_a_mode(void **state unused_)
{
	static const struct {
		const char *text;
		enum namespace_mode mode;
		const char *target;
	} table[] = {
		{"", NAMESPACE_DEFAULT, NULL},
		{"host", NAMESPACE_HOST, NULL},
		{"private", NAMESPACE_PRIVATE, NULL},
		{"shareable", NAMESPACE_SHAREABLE, NULL},
		{"none", NAMESPACE_NONE, NULL},
		{"ns:/run/netns/a:b", NAMESPACE_PATH, "/run/netns/a:b"},
		{"container:web", NAMESPACE_CONTAINER, "web"},
		{"container:container:x", NAMESPACE_CONTAINER, "container:x"},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		struct namespace_choice choice;
		assert_int_equal(namespace_choice_parse("--x", table[i].text, ~0u, &choice), 0);
		assert_int_equal(choice.mode, table[i].mode);
		if (table[i].target)
			assert_string_equal(choice.target, table[i].target);
		else
			assert_null(choice.target);
	}
}

static void others_are_errors_that_list_what_is_expected(void **state unused_)
{
	static const char *const wrong[] = {"Host",      "host ",     "none",
					    "shareable", "container", "container:web",
					    "ns:",       "ns",        " "};
	for (size_t i = 0; i < lengthof(wrong); i++) {
		struct namespace_choice choice = {.mode = NAMESPACE_NONE};
		assert_int_equal(namespace_choice_parse("--uts", wrong[i], USUAL, &choice),
				 -EINVAL);
		assert_int_equal(choice.mode, NAMESPACE_NONE);
		assert_non_null(strstr(fault_last()->text, "host, private or ns:PATH is expected"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_mean_a_mode),
		cmocka_unit_test(others_are_errors_that_list_what_is_expected),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
