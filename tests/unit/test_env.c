// SPDX-License-Identifier: Apache-2.0
// test_env.c - the environment of the workload
#include "engine/process/env.h"

#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static struct env new_env(void)
{
	static const char *const caller[] = {"HOME=/root", "LANG=C", "EMPTY=", "HOMELY=x", NULL};
	return (struct env){.environment = caller};
}

static void assert_list(const struct oci_strings *list, const char *const *expected)
{
	size_t n = 0;
	for (; expected[n]; n++) {
		assert_true(n < list->n);
		assert_string_equal(list->item[n], expected[n]);
	}
	assert_int_equal(list->n, n);
}

static void the_last_value_counts(void **state unused_)
{
	struct env env = new_env();
	env_set(&arena, &env, "PATH=/bin");
	env_set(&arena, &env, "A=image");
	static const char *const given[] = {"A=1",   "B==", "A=2",  "HOME", "EMPTY",
					    "A B=c", "A=3", "PATH", "GONE"};
	for (size_t i = 0; i < lengthof(given); i++)
		assert_int_equal(env_option(&arena, &env, given[i]), 0);
	// PATH is not in the caller's environment: that takes the default away
	static const char *const expected[] = {"A=3", "B==", "HOME=/root", "EMPTY=", "A B=c", NULL};
	assert_list(&env.list, expected);
	static const char *const names[] = {"A", "B", "HOME", "EMPTY", "A B", NULL};
	assert_list(&env.given, names);
}

static void a_variable_has_a_name(void **state unused_)
{
	struct env env = new_env();
	assert_int_equal(env_option(&arena, &env, ""), -EINVAL);
	assert_int_equal(env_option(&arena, &env, "=1"), -EINVAL);
	assert_string_equal(fault_last()->text, "--env '=1': no name");
	char *long_one = arena_alloc(&arena, ENV_VARIABLE_MAX + 1, 1);
	memset(long_one, 'x', ENV_VARIABLE_MAX);
	long_one[1] = '=';
	assert_int_equal(env_option(&arena, &env, long_one), -E2BIG);
	long_one[ENV_VARIABLE_MAX - 1] = '\0';
	assert_int_equal(env_option(&arena, &env, long_one), 0);
}

static void a_file_is_read_as_docker_reads_it(void **state unused_)
{
	struct env env = new_env();
	struct str text = STR("\xef\xbb\xbf"
			      "A=1\nB=\"q q\"\n# c\n\n  C= x \n\t#d\nHOME\nNOPE\nD=\nE=1\r\nA=2\n"
			      "F=a=b #c\nG=\xc3\xa9\nH=last");
	assert_int_equal(env_lines(&arena, &env, "f", text), 0);
	static const char *const expected[] = {"A=2",    "B=\"q q\"", "C= x ",    "HOME=/root",
					       "D=",     "E=1",       "F=a=b #c", "G=\xc3\xa9",
					       "H=last", NULL};
	assert_list(&env.list, expected);
}

static void a_bad_line_is_named(void **state unused_)
{
	static const struct {
		struct str text;
		const char *words;
	} table[] = {
		{STR("A=1\nB C=2\n"), "env file 'f' line 2: the name 'B C' has blanks in it"},
		{STR("export A=1"), "env file 'f' line 1: the name 'export A' has blanks in it"},
		{STR("A =1"), "env file 'f' line 1: the name 'A ' has blanks in it"},
		{STR("HOME \n"), "env file 'f' line 1: the name 'HOME ' has blanks in it"},
		{STR("\n\n=1\n"), "env file 'f' line 3: no name before '='"},
		{STR("A=\xff\n"), "env file 'f' line 1: not UTF-8 text"},
		{STR("A=\xc0\xaf\n"), "env file 'f' line 1: not UTF-8 text"},
		{STR("A=\xed\xa0\x80\n"), "env file 'f' line 1: not UTF-8 text"},
		{STR("A=\xf4\x90\x80\x80\n"), "env file 'f' line 1: not UTF-8 text"},
		{STR("A=\xe2\x82"), "env file 'f' line 1: not UTF-8 text"},
		{STR("A=1\nB=\0x"), "env file 'f' line 2: not UTF-8 text"},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		struct env env = new_env();
		assert_true(env_lines(&arena, &env, "f", table[i].text) < 0);
		assert_string_equal(fault_last()->text, table[i].words);
	}
}

static void a_missing_file_is_named(void **state unused_)
{
	struct env env = new_env();
	assert_int_equal(env_file(&arena, &env, "/nowhere/env"), -ENOENT);
	assert_string_equal(fault_last()->text,
			    "env file '/nowhere/env': No such file or directory");
}

static void what_was_set_is_put_in(void **state unused_)
{
	static const struct {
		const char *text, *variable;
	} good[] = {
		{"PATH=${PATH}:/x", "PATH=/bin:/x"},
		{"A=$PATH/$NOPE.", "A=/bin/."},
		{"A=\\$PATH\\x", "A=$PATH\\x"},
		{"A=", "A="},
	};
	static const char *const bad[] = {"",     "A",        "=x",           "A=$",
					  "A=${", "A=${PATH", "A=${PATH:-x}", "$NOPE=x"};
	struct env env = new_env();
	const char *variable;
	env_set(&arena, &env, "PATH=/bin");
	for (size_t i = 0; i < lengthof(good); i++) {
		assert_int_equal(env_merge(&arena, &env, good[i].text, &variable), 0);
		assert_string_equal(variable, good[i].variable);
	}
	for (size_t i = 0; i < lengthof(bad); i++)
		assert_int_equal(env_merge(&arena, &env, bad[i], &variable), -EINVAL);
}

static void the_callers_are_taken_where_asked_for(void **state unused_)
{
	static const char *const caller[] = {"http_proxy=p", "HOME=/root", "=odd", NULL};
	static const char *const proxies[] = {"A=1", "http_proxy=p", NULL};
	static const char *const all[] = {"A=1", "http_proxy=p", "HOME=/root", NULL};
	struct env env = {.environment = caller};
	env_set(&arena, &env, "A=1");
	env_take_proxies(&arena, &env);
	assert_list(&env.list, proxies);
	env_take_all(&arena, &env);
	assert_list(&env.list, all);
	assert_int_equal(env.given.n, 2);
	assert_int_equal(env_unset(&arena, &env, "HOME"), 0);
	assert_list(&env.list, proxies);
	assert_int_equal(env_unset(&arena, &env, "A=1"), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_set_is_put_in),
		cmocka_unit_test(the_callers_are_taken_where_asked_for),
		cmocka_unit_test(the_last_value_counts),
		cmocka_unit_test(a_variable_has_a_name),
		cmocka_unit_test(a_file_is_read_as_docker_reads_it),
		cmocka_unit_test(a_bad_line_is_named),
		cmocka_unit_test(a_missing_file_is_named),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
