// SPDX-License-Identifier: Apache-2.0
// test_name.c - names of containers and hosts, ids
#include "engine/namespaces/name.h"

#include "base/fail.h"
#include "engine/place.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static void names_are_dockers(void **state unused_)
{
	static const char *const right[] = {"ab", "A1", "a_b.c-d", "0-"};
	static const char *const wrong[] = {"", "a", "-a", ".a", "_a", "a b", "a/b", "é1", "a\n"};
	for (size_t i = 0; i < lengthof(right); i++)
		assert_int_equal(name_check(right[i]), 0);
	for (size_t i = 0; i < lengthof(wrong); i++)
		assert_int_equal(name_check(wrong[i]), -EINVAL);
	char name[CONTAINER_NAME_MAX + 2];
	memset(name, 'a', sizeof(name));
	name[CONTAINER_NAME_MAX + 1] = '\0';
	assert_int_equal(name_check(name), -EINVAL);
	name[CONTAINER_NAME_MAX] = '\0';
	assert_int_equal(name_check(name), 0);
}

static void host_names_fit_the_kernel(void **state unused_)
{
	static const char *const right[] = {"a", "web-1", "a.b.c", "a_b", "0123456789ab"};
	static const char *const wrong[] = {"",   ".",  "a.",  ".a", "a..b",
					    "-a", "a-", "a b", "ä",  "a.-b"};
	for (size_t i = 0; i < lengthof(right); i++)
		assert_int_equal(hostname_check(right[i]), 0);
	for (size_t i = 0; i < lengthof(wrong); i++)
		assert_int_equal(hostname_check(wrong[i]), -EINVAL);
	char name[HOST_NAME_MAX_BYTES + 2];
	memset(name, 'a', sizeof(name));
	name[2] = '.';
	name[HOST_NAME_MAX_BYTES + 1] = '\0';
	assert_int_equal(hostname_check(name), -EINVAL);
	name[HOST_NAME_MAX_BYTES] = '\0';
	assert_int_equal(hostname_check(name), 0);
	name[2] = 'a'; // one label of 64
	assert_int_equal(hostname_check(name), -EINVAL);
}

static void a_name_comes_from_the_id(void **state unused_)
{
	struct arena arena = {0};
	assert_string_equal(name_from_id(&arena, "0000ab", 0), "able_acacia");
	assert_string_equal(name_from_id(&arena, "7fff00", 0), "witty_wren");
	assert_int_equal(name_check(name_from_id(&arena, "ffff00", 0)), 0);
	assert_string_equal(name_from_id(&arena, "00007fff00", 1), "witty_wren");
	char id[CONTAINER_ID_SIZE];
	assert_int_equal(engine_new_id(id), 0);
	assert_int_equal(strspn(id, "0123456789abcdef"), 64);
	assert_true(strspn(id, "0123456789") < 12);
	assert_int_equal(name_check(name_from_id(&arena, id, NAME_TURNS - 1)), 0);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_dockers),
		cmocka_unit_test(host_names_fit_the_kernel),
		cmocka_unit_test(a_name_comes_from_the_id),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
