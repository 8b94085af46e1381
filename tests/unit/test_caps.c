// SPDX-License-Identifier: Apache-2.0
// test_caps.c - capability names and sets
#include "kern/caps.h"

#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static void reads_names_as_docker_does(void **state unused_)
{
	static const char *const same[] = {"NET_ADMIN", "net_admin", "CAP_NET_ADMIN",
					   "cap_Net_Admin"};
	for (size_t i = 0; i < lengthof(same); i++) {
		uint64_t mask = 0;
		assert_int_equal(caps_parse(same[i], &mask), 0);
		assert_int_equal(mask, CAPS_BIT(CAP_NET_ADMIN));
	}
	uint64_t all = 0;
	assert_int_equal(caps_parse("all", &all), 0);
	assert_int_equal(all, UINT64_C(0x1ffffffffff));
}

static void every_name_reads_back(void **state unused_)
{
	for (unsigned i = 0; i <= CAPS_LAST; i++) {
		uint64_t mask = 0;
		assert_int_equal(caps_parse(caps_name(i), &mask), 0);
		assert_int_equal(mask, CAPS_BIT(i));
	}
	assert_null(caps_name(CAPS_LAST + 1));
	assert_null(caps_name(UINT32_MAX));
}

static void wrong_names_get_a_proposal(void **state unused_)
{
	uint64_t mask = 7;
	assert_int_equal(caps_parse("sys_admn", &mask), -EINVAL);
	assert_string_equal(fault_last()->hint, "did you mean 'SYS_ADMIN'?");
	static const char *const wrong[] = {"", "CAP_", "CAP_ALL", "CAP_CAP_CHOWN", "chown ", "0"};
	for (size_t i = 0; i < lengthof(wrong); i++)
		assert_int_equal(caps_parse(wrong[i], &mask), -EINVAL);
	assert_int_equal(mask, 7);
}

static void says_a_set_in_words(void **state unused_)
{
	_cleanup_(arena_free) struct arena arena = {0};
	assert_string_equal(caps_text(&arena, 0), "none");
	assert_string_equal(caps_text(&arena, CAPS_ALL), "all");
	assert_string_equal(caps_text(&arena, CAPS_BIT(CAP_KILL) | CAPS_BIT(63) | 1),
			    "CAP_CHOWN, CAP_KILL, 63");
	assert_int_equal(CAPS_DOCKER,
			 0xa80425fb); // as /proc/self/status in a container of Docker's
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_names_as_docker_does),
		cmocka_unit_test(every_name_reads_back),
		cmocka_unit_test(wrong_names_get_a_proposal),
		cmocka_unit_test(says_a_set_in_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
