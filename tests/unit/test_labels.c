// SPDX-License-Identifier: Apache-2.0
// test_labels.c - labels and annotations: which count, and what is no name
#include "engine/process/labels.h"

#include "base/fail.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static int make(const char *text, struct oci_pairs *ret)
{
	static struct shape_pair of_image[] = {{"a", "image"}, {"b", "image"}};
	const struct oci_pairs image = {of_image, 2};
	const struct oci_strings texts = {&text, 1}, files = {0};
	return labels_make(&arena, &image, &files, &texts, ret);
}

static void what_comes_later_counts(void **state unused_)
{
	struct oci_pairs labels;
	assert_int_equal(make("a=mine=1", &labels), 0);
	assert_int_equal(labels.n, 2);
	assert_string_equal(labels_find(&labels, STR("a")), "mine=1");
	assert_string_equal(labels_find(&labels, STR("b")), "image");
	assert_null(labels_find(&labels, STR("c")));
	assert_int_equal(make("c", &labels), 0);
	assert_string_equal(labels_find(&labels, STR("c")), "");
	assert_int_equal(make("d=two\nlines \x1b", &labels), 0); // whoever shows it escapes it
}

static void what_is_no_name(void **state unused_)
{
	static const char *const bad[] = {"",           "=x",   "a b=c",  "a\nb=c",
					  "\x1b[31m=c", " a=b", "\x8f=c", "a=\xfe"};
	struct oci_pairs labels;
	for (size_t i = 0; i < lengthof(bad); i++)
		assert_int_equal(make(bad[i], &labels), -EINVAL);
}

static void there_is_an_end_to_them(void **state unused_)
{
	struct oci_pairs labels;
	char *text = arena_alloc(&arena, LABELS_BYTES_MAX + 8, 1);
	memset(text, 'x', LABELS_BYTES_MAX + 7);
	text[1] = '=';
	assert_int_equal(make(text, &labels), -E2BIG);
}

static void an_annotation_has_a_value(void **state unused_)
{
	const char *good[] = {"a=1", "b=", "a=2"}, *bad[] = {"a", "=1", ""};
	struct oci_pairs pairs;
	assert_int_equal(annotations_make(&arena, &(struct oci_strings){good, 3}, &pairs), 0);
	assert_int_equal(pairs.n, 2);
	assert_string_equal(pairs.item[0].value, "2");
	for (size_t i = 0; i < lengthof(bad); i++)
		assert_int_equal(
			annotations_make(&arena, &(struct oci_strings){&bad[i], 1}, &pairs),
			-EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_later_counts),
		cmocka_unit_test(what_is_no_name),
		cmocka_unit_test(there_is_an_end_to_them),
		cmocka_unit_test(an_annotation_has_a_value),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
