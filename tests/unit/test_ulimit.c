// SPDX-License-Identifier: Apache-2.0
// test_ulimit.c - limits of one process
#include "engine/limits/ulimit.h"

#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static void reads_soft_and_hard(void **state unused_)
{
	static const struct {
		const char *text, *type;
		uint64_t soft, hard;
	} table[] = {
		{"nofile=1:2", "RLIMIT_NOFILE", 1, 2},
		{"nofile=5", "RLIMIT_NOFILE", 5, 5},
		{"core=0", "RLIMIT_CORE", 0, 0},
		{"nproc=-1", "RLIMIT_NPROC", UINT64_MAX, UINT64_MAX},
		{"memlock=5:-1", "RLIMIT_MEMLOCK", 5, UINT64_MAX},
		{"sigpending=1", "RLIMIT_SIGPENDING", 1, 1},
	};
	struct arena arena = {0};
	for (size_t i = 0; i < lengthof(table); i++) {
		struct oci_rlimit limit;
		assert_int_equal(ulimit_parse(&arena, table[i].text, &limit), 0);
		assert_string_equal(limit.type, table[i].type);
		assert_true(limit.soft == table[i].soft && limit.hard == table[i].hard);
	}
	arena_free(&arena);
}

static void refuses_the_rest(void **state unused_)
{
	static const struct {
		const char *text, *words;
	} table[] = {
		{"nofile", "--ulimit 'nofile': no value"},
		{"", "--ulimit '': no value"},
		{"=1", "--ulimit '=1': '' is not a limit"},
		{"as=1", "--ulimit 'as=1': 'as' is not a limit"},
		{"nofiles=1", "--ulimit 'nofiles=1': 'nofiles' is not a limit"},
		{"nofile=2:1", "--ulimit 'nofile=2:1': the soft limit is above the hard one"},
		{"nofile=-1:5", "--ulimit 'nofile=-1:5': the soft limit is above the hard one"},
	};
	static const char *const numbers[] = {
		"nofile=",   "nofile=1:",    "nofile=:1",
		"nofile=-2", "nofile=1:2:3", "nofile=unlimited",
		"nofile=01", "nofile=1k",    "nofile=9223372036854775808"};
	struct arena arena = {0};
	struct oci_rlimit limit;
	for (size_t i = 0; i < lengthof(table); i++) {
		assert_int_equal(ulimit_parse(&arena, table[i].text, &limit), -EINVAL);
		assert_string_equal(fault_last()->text, table[i].words);
	}
	assert_int_equal(ulimit_parse(&arena, "nofiles=1", &limit), -EINVAL);
	assert_string_equal(fault_last()->hint, "did you mean nofile?");
	for (size_t i = 0; i < lengthof(numbers); i++) {
		assert_int_equal(ulimit_parse(&arena, numbers[i], &limit), -EINVAL);
		assert_non_null(strstr(fault_last()->text, "whole numbers"));
	}
	arena_free(&arena);
}

static void the_later_of_two_counts(void **state unused_)
{
	struct arena arena = {0};
	const char *items[] = {"nofile=1:2", "host", "core=0", "nofile=3"};
	struct oci_strings texts = {items, lengthof(items)};
	struct facts facts = {.uid = 1000, .nofile_hard = 3};
	struct oci_process process = {0};
	assert_int_equal(ulimits_parse(&arena, &texts, &facts, &process), 0);
	assert_int_equal(process.rlimits_n, 2);
	assert_int_equal(process.rlimits[0].hard, 3);
	facts.nofile_hard = 2;
	assert_int_equal(ulimits_parse(&arena, &texts, &facts, &process), -EPERM);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_soft_and_hard),
		cmocka_unit_test(refuses_the_rest),
		cmocka_unit_test(the_later_of_two_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
