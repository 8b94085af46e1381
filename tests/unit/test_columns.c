// SPDX-License-Identifier: Apache-2.0
// test_columns.c - lists by --format, and lengths of time
#include "cmd/columns.h"

#include "base/fail.h"
#include "base/ago.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static const struct column column[] = {{"ID", "CONTAINER ID"}, {"Names", "NAMES"}};
static const struct columns columns = {column, lengthof(column), "table {{.ID}}\\t{{.Names}}",
				       true};
static const struct oci_pairs labels = {
	(struct shape_pair[]){{"com.x.the-role", "db"}, {"k", "\033"}}, 2};
static const struct row rows[] = {
	{(const char *const[]){"0123456789ab", "quiet_larch"}, &labels},
	{(const char *const[]){"ba9876543210", "a\033[2J\"\t"}, NULL},
};

static void formats(const char *format_text, const char *expected)
{
	struct arena arena = {0};
	struct format format;
	struct buf out = buf_new(&arena, 4096);
	assert_int_equal(format_parse(&arena, &columns, format_text, &format), 0);
	format_print(&format, &columns, rows, lengthof(rows), &out);
	assert_string_equal(out.p, expected);
	arena_free(&arena);
}

static void prints_as_the_template_says(void **state unused_)
{
	formats(NULL, "CONTAINER ID   NAMES\n"
		      "0123456789ab   quiet_larch\n"
		      "ba9876543210   a\\x1b[2J\"\\x09\n");
	formats("table {{.Names}}\\t{{.Names}}\\t{{.ID}}",
		"NAMES           NAMES           CONTAINER ID\n"
		"quiet_larch     quiet_larch     0123456789ab\n"
		"a\\x1b[2J\"\\x09   a\\x1b[2J\"\\x09   ba9876543210\n");
	formats("{{ .ID }}={{json .Names}}\\n", "0123456789ab=\"quiet_larch\"\n\n"
						"ba9876543210=\"a\\u001b[2J\\\"\\t\"\n\n");
	formats("json", "{\"ID\":\"0123456789ab\",\"Names\":\"quiet_larch\"}\n"
			"{\"ID\":\"ba9876543210\",\"Names\":\"a\\u001b[2J\\\"\\t\"}\n");
	formats("", "\n\n");
	formats("}} x", "}} x\n}} x\n");
}

static void prints_labels(void **state unused_)
{
	formats("{{.Label \"k\"}}|{{ .Label `com.x.the-role` }}", "\\x1b|db\n|\n");
	formats("table {{.Label \"com.x.the-role\"}}\\t{{.Label \"none\"}}",
		"the role   none\ndb         \n           \n");
}

static void refuses_what_it_does_not_understand(void **state unused_)
{
	static const char *const wrong[] = {
		"{{.Name}}",  "{{",           "{{.ID",           "{{}}",           "{{.}}",
		"{{.Label}}", "{{.Label k}}", "{{.Label \"\"}}", "{{.Label \"k}}", "{{ID}}",
		"{{json}}",   "{{json ID}}",  "{{range .ID}}",   "{{.ID | upper}}"};
	struct arena arena = {0};
	struct format format;
	for (size_t i = 0; i < lengthof(wrong); i++)
		assert_int_equal(format_parse(&arena, &columns, wrong[i], &format), -EINVAL);
	format_parse(&arena, &columns, wrong[0], &format);
	assert_string_equal(fault_last()->text, "--format: unknown field '.Name'");
	assert_string_equal(fault_last()->hint, "did you mean .Names?");
	arena_free(&arena);
}

static void says_how_long(void **state unused_)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} rows_of[] = {
		{-5, "Less than a second"},
		{0, "Less than a second"},
		{1, "1 second"},
		{59, "59 seconds"},
		{60, "About a minute"},
		{119, "About a minute"},
		{120, "2 minutes"},
		{3599, "59 minutes"},
		{3600, "About an hour"},
		{5400, "2 hours"},
		{47 * 3600, "47 hours"},
		{48 * 3600, "2 days"},
		{14 * 86400, "2 weeks"},
		{60 * 86400, "2 months"},
		{2LL * 365 * 86400, "2 years"},
	};
	struct arena arena = {0};
	for (size_t i = 0; i < lengthof(rows_of); i++)
		assert_string_equal(ago_text(&arena, rows_of[i].seconds), rows_of[i].text);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_as_the_template_says),
		cmocka_unit_test(prints_labels),
		cmocka_unit_test(refuses_what_it_does_not_understand),
		cmocka_unit_test(says_how_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
