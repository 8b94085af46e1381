// SPDX-License-Identifier: Apache-2.0
// test_view.c - a view as it is printed: columns, their breaks, escapes; and as JSON
#include "engine/view/view.h"

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static struct view_process processes[] = {
	{"sh -c \033[31mred", 'S', 1, 100, true, 0, 1000, 4096},
	{"sleep 30", 'Z', 0, 101, false, 0, 5, UINT64_MAX},
};

static struct view_row mounts[] = {
	{"/", "overlay, writable", "/var/lib/tare/a, /var/lib/tare/b; changes in /var/lib/tare/c"},
	{"/a-very-long-name-of-a-target-without-any-blank", "x", NULL},
	{"/\303\244", NULL, "\342\202\254"},
};

static struct view sample(void)
{
	struct view view = {.pid = 100, .command = "sh", .processes = processes, .processes_n = 2};
	view.rows[VIEW_MOUNTS] = (struct view_rows){mounts, 3};
	return view;
}

static void prints_columns(void **state unused_)
{
	struct view view = sample();
	struct buf out = buf_new(&arena, 1 << 20);
	struct view_look look = {0};
	const char *unseen[] = {"namespaces: Permission denied"};
	view.unseen = (struct oci_strings){unseen, 1};
	view_text(&out, &view, &look);
	assert_string_equal(
		out.p,
		"process 100: sh\n"
		"\n"
		"Processes            inside      outside\n"
		"  sh -c \\x1b[31mred  1, user 0   100, user 1000\n"
		"  sleep 30 (zombie)  none        101, user 5\n"
		"\n"
		"Mounts                                      inside             outside\n"
		"  /                                         overlay, writable  /var/lib/tare/a, "
		"/var/lib/tare/b; changes in /var/lib/tare/c\n"
		"  /a-very-long-name-of-a-target-without-any-blank  x\n"
		"  /\303\244                                                           "
		"\342\202\254\n"
		"\n"
		"Not seen\n"
		"  namespaces: Permission denied\n");
}

static size_t widest(const char *text)
{
	size_t most = 0, width = 0;
	for (; *text; text++) {
		if (*text == '\n')
			width = 0;
		else
			width += ((unsigned char)*text & 0xc0) != 0x80;
		most = max_of(most, width);
	}
	return most;
}

static void keeps_to_the_terminal(void **state unused_)
{
	struct view view = sample();
	for (unsigned width = 44; width < 200; width++) {
		struct buf out = buf_new(&arena, 1 << 20);
		struct view_look look = {.width = width};
		view_text(&out, &view, &look);
		assert_in_range(widest(out.p), 10, width);
		assert_null(strchr(out.p, '\033'));
		assert_non_null(strstr(out.p, "\342\202\254"));
	}
}

static void says_it_as_json(void **state unused_)
{
	struct view view = sample();
	struct buf out = buf_new(&arena, 1 << 20);
	struct json json;
	uint64_t number;
	view_json(&out, &view);
	assert_int_equal(json_parse("view", buf_str(&out), &json), 0);
	assert_null(json_member(json.root, "container"));
	struct json_object *list = json_member(json.root, "processes");
	assert_int_equal(json_count(list), 2);
	struct json_object *first = json_item(list, 0), *second = json_item(list, 1);
	assert_int_equal(json_to_uint(json_member(first, "pid_inside"), 9, &number), 0);
	assert_int_equal(number, 1);
	assert_null(json_member(second, "pid_inside"));
	assert_null(json_member(second, "uid_inside"));
	assert_null(json_member(second, "memory"));
	assert_int_equal(json_count(json_member(json.root, "mounts")), 3);
	assert_int_equal(json_count(json_member(json.root, "network")), 0);
	json_free(&json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_columns),
		cmocka_unit_test(keeps_to_the_terminal),
		cmocka_unit_test(says_it_as_json),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
