// SPDX-License-Identifier: Apache-2.0
// test_size.c - amounts as people write them
#include "base/size.h"

#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static void reads_what_docker_reads(void **state unused_)
{
	static const struct {
		const char *text;
		int64_t bytes;
	} table[] = {
		{"0", 0},
		{"10", 10},
		{"1b", 1},
		{"1B", 1},
		{"1k", 1024},
		{"1M", 1048576},
		{"1mb", 1048576},
		{"1KiB", 1024},
		{"1kib", 1024},
		{"1 m", 1048576},
		{"100m", 104857600},
		{"1.5g", 1610612736},
		{".5g", 536870912},
		{"1.", 1},
		{"0.1k", 102},
		{"1.999999999999999999k", 2047},
		{"16p", 18014398509481984},
		{"9223372036854775807", INT64_MAX},
		{"8191.999999999999999p", 9223372036854775806},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		int64_t bytes = -7;
		assert_int_equal(size_parse("--memory", table[i].text, &bytes), 0);
		assert_int_equal(bytes, table[i].bytes);
	}
}

static void refuses_the_rest(void **state unused_)
{
	static const struct {
		const char *text;
		const char *words;
	} table[] = {
		{"", "--memory '': not a size"},
		{"m", "--memory 'm': not a size"},
		{".", "--memory '.': not a size"},
		{"-1", "--memory '-1': a size is not negative"},
		{" 1m", "--memory ' 1m': not a size"},
		{"1q", "--memory '1q': 'q' is not a unit"},
		{"1i", "--memory '1i': 'i' is not a unit"},
		{"1ib", "--memory '1ib': 'ib' is not a unit"},
		{"1mx", "--memory '1mx': 'mx' is not a unit"},
		{"1e6", "--memory '1e6': 'e6' is not a unit"},
		{"1  m", "--memory '1  m': ' m' is not a unit"},
		{"1 ", "--memory '1 ': ' ' is not a unit"},
		{"1.2.3m", "--memory '1.2.3m': '.3m' is not a unit"},
		{"1,5g", "--memory '1,5g': ',5g' is not a unit"},
		{"0.5", "--memory '0.5': less than a byte"},
		{"8192p", "--memory '8192p': more than can be counted"},
		{"9223372036854775808", "--memory '9223372036854775808': more than can be counted"},
		{"18446744073709551616", "--memory '18446744073709551616': the number is too long"},
		{"0.1234567890123456789m",
		 "--memory '0.1234567890123456789m': the number is too long"},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		int64_t bytes = -7;
		assert_true(size_parse("--memory", table[i].text, &bytes) < 0);
		assert_string_equal(fault_last()->text, table[i].words);
		assert_string_not_equal(fault_last()->hint, "");
		assert_int_equal(bytes, -7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_docker_reads),
		cmocka_unit_test(refuses_the_rest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
