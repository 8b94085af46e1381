// SPDX-License-Identifier: Apache-2.0
// test_platform.c - platforms: read, compared, said
#include "oci/platform.h"

#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static int tear_down(void **state unused_)
{
	arena_free(&arena);
	return 0;
}

static struct oci_platform parse(const char *text)
{
	struct oci_platform platform;
	assert_int_equal(platform_parse(&arena, text, &platform), 0);
	return platform;
}

static void texts_become_platforms(void **state unused_)
{
	static const char *const cases[][2] = {
		{"linux/amd64", "linux/amd64"},
		{"linux/arm/v7", "linux/arm/v7"},
		{"arm64", "linux/arm64"},
		{"linux/x86_64", "linux/amd64"},
		{"linux/aarch64", "linux/arm64"},
		{"armhf", "linux/arm/v7"},
		{"linux/arm64/v8", "linux/arm64/v8"},
	};
	for (size_t i = 0; i < lengthof(cases); i++) {
		struct oci_platform platform = parse(cases[i][0]);
		assert_string_equal(platform_text(&arena, &platform), cases[i][1]);
	}
}

static void others_are_refused(void **state unused_)
{
	static const char *const bad[] = {"",      "/",        "linux/",       "windows/amd64",
					  "linux", "amd46",    "linux/amd64/", "linux/arm/v7/x",
					  "a b",   "linux//7", "linux/amd64\n"};
	struct oci_platform platform;
	for (size_t i = 0; i < lengthof(bad); i++)
		assert_int_equal(platform_parse(&arena, bad[i], &platform), -EINVAL);
	platform_parse(&arena, "linux/amd46", &platform);
	assert_string_equal(fault_last()->hint, "is 'amd64' meant?");
}

static void the_nearest_variant_fits_best(void **state unused_)
{
	struct oci_platform v7 = parse("linux/arm/v7"), v6 = parse("linux/arm/v6");
	struct oci_platform v5 = parse("linux/arm/v5"), plain = parse("linux/arm");
	struct oci_platform arm64 = parse("arm64"), v8 = parse("linux/arm64/v8");
	assert_true(platform_fits(&v7, &v7) > platform_fits(&v7, &v6));
	assert_true(platform_fits(&v7, &v6) > platform_fits(&v7, &v5));
	assert_true(platform_fits(&v7, &v5) > platform_fits(&v7, NULL));
	assert_int_equal(platform_fits(&v6, &v7), 0);
	assert_int_equal(platform_fits(&plain, &v7), platform_fits(&v7, &plain));
	assert_int_equal(platform_fits(&arm64, &v8), 200);
	assert_int_equal(platform_fits(&arm64, &v7), 0);
	assert_true(platform_fits(&arm64, NULL) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_become_platforms),
		cmocka_unit_test(others_are_refused),
		cmocka_unit_test(the_nearest_variant_fits_best),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
