// SPDX-License-Identifier: Apache-2.0
// test_time_offset.c - clocks are set as asked, or not at all
#include "engine/namespaces/time_offset.h"

#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static void either_clock_or_both(void **state unused_)
{
	static const struct {
		const char *text;
		int64_t monotonic;
		int64_t boottime;
	} table[] = {
		{"monotonic=86400", 86400, 0},
		{"boottime=-3600", 0, -3600},
		{"boottime=-3600,monotonic=86400", 86400, -3600},
		{"monotonic=0", 0, 0},
		{"boottime=4611686018", 0, 4611686018},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		struct oci_time_offsets offsets;
		assert_int_equal(time_offset_parse(table[i].text, &offsets), 0);
		assert_int_equal(offsets.monotonic.secs, table[i].monotonic);
		assert_int_equal(offsets.boottime.secs, table[i].boottime);
		assert_int_equal(offsets.boottime.nanosecs, 0);
	}
}

static void the_rest_is_an_error(void **state unused_)
{
	static const char *const wrong[] = {
		"",
		"1",
		"monotonic",
		"monotonic=",
		"monotonic=-",
		"monotonic=-0",
		"monotonic=+1",
		"monotonic=1s",
		"monotonic=1.5",
		"monotonic=4611686019",
		"monotonic=99999999999999999999",
		"monotonic=1,",
		",monotonic=1",
		"monotonic=1,monotonic=2",
		"realtime=1",
		"boottime=1 ",
	};
	for (size_t i = 0; i < lengthof(wrong); i++) {
		struct oci_time_offsets offsets;
		assert_int_equal(time_offset_parse(wrong[i], &offsets), -EINVAL);
		assert_non_null(strstr(fault_last()->text, "--time-offset '"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(either_clock_or_both),
		cmocka_unit_test(the_rest_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
