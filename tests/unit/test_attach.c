// SPDX-License-Identifier: Apache-2.0
// test_attach.c - which of the three streams are ours, and which descriptors go along
#include "engine/attach.h"

#include "base/fail.h"
#include "engine/inherited.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static int parse(const char *a, const char *b, struct attach *ret)
{
	const char *texts[] = {a, b};
	struct oci_strings list = {texts, a ? b ? 2 : 1 : 0};
	return attach_parse(&list, ret);
}

static void streams_are_those_that_are_named(void **state unused_)
{
	struct attach attach;
	assert_int_equal(parse(NULL, NULL, &attach), 0);
	assert_true(attach.input && attach.output && attach.error);
	assert_int_equal(parse("stdout", NULL, &attach), 0);
	assert_true(!attach.input && attach.output && !attach.error);
	assert_int_equal(parse("STDIN", "StdErr", &attach), 0);
	assert_true(attach.input && !attach.output && attach.error);
	assert_int_equal(parse("stdin", NULL, &attach), -EOPNOTSUPP);
	assert_int_equal(parse("stdout", "", &attach), -EINVAL);
	assert_int_equal(parse("stdout ", NULL, &attach), -EINVAL);
}

static void descriptors_are_a_number(void **state unused_)
{
	static const char *const bad[] = {"", "-1", "x", "1025", "01", "1 "};
	int n = -1;
	assert_int_equal(preserve_fds_parse("0", &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(preserve_fds_parse("1024", &n), 0);
	for (size_t i = 0; i < lengthof(bad); i++)
		assert_int_equal(preserve_fds_parse(bad[i], &n), -EINVAL);
	assert_int_equal(n, 1024);
	assert_int_equal(preserve_fds_check(0), 0);
	assert_int_equal(preserve_fds_check(1000), -EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_are_those_that_are_named),
		cmocka_unit_test(descriptors_are_a_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
