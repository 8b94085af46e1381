// SPDX-License-Identifier: Apache-2.0
// test_idmap_option.c - the values of --uidmap, and free ranges of subordinate ids
#include "engine/ids/idmap_option.h"

#include "base/buf.h"
#include "base/fail.h"
#include "oci/lists.h"
#include "engine/subordinate.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

// What an ordinary user counts in: 0 is 1000, those from 1 on are from 100000 on.
static struct oci_id_map own_item[] = {{0, 1000, 1}, {1, 100000, 10}};
static const struct idmap own = {own_item, lengthof(own_item)};

// "INSIDE:HOST:COUNT …", or the error.
static const char *made(const char *options, bool root, bool users)
{
	struct oci_strings texts = {0};
	struct str rest = str_of(options), word;
	struct idmap map;
	struct buf out = buf_new(&arena, 4096);
	while ((word = str_word(&rest)).p)
		oci_strings_push(&arena, &texts, arena_dup_n(&arena, word.p, word.n));
	if (idmap_of_options(&arena, "--uidmap", &texts, root ? NULL : &own, users, &map))
		return fault_last()->text;
	for (size_t i = 0; i < map.n; i++)
		buf_printf(&out, "%s%u:%u:%u", i ? " " : "", map.item[i].container_id,
			   map.item[i].host_id, map.item[i].size);
	return out.p;
}

static void options_make_maps(void **state unused_)
{
	static const struct {
		const char *options;
		bool root;
		const char *map;
	} table[] = {
		{"0:100000:65536", true, "0:100000:65536"},
		{"0:5", true, "0:5:1"},
		{"0:@5:2", true, "0:5:2"},
		{"0:100:10 +5:7:1", true, "0:100:5 5:7:1 6:106:4"},
		{"0:100:10 +20:103:2", true, "0:100:3 5:105:5 20:103:2"},
		{"g0:5:1 u1:6:1", true, "1:6:1"},
		{"0:0:11", false, "0:1000:1 1:100000:10"},
		{"0:1:10", false, "0:100000:10"},
		{"0:@1000 1:@100003:2", false, "0:1000:1 1:100003:2"},
		{"+5:0", false, "0:100000:5 5:1000:1 6:100005:5"},
		{"+0:0", false, "0:1000:1 1:100000:10"},
		{"+100:1:2", false, "0:1000:1 1:100002:8 100:100000:2"},
		{"0:0:12", false, "--uidmap: ids from 0 on, 12 of them, are not all yours"},
		{"0:@999", false, "--uidmap: ids from @999 on, 1 of them, are not all yours"},
	};
	for (size_t i = 0; i < lengthof(table); i++)
		assert_string_equal(made(table[i].options, table[i].root, true), table[i].map);
	assert_string_equal(made("g0:5:1 u1:6:1", true, false), "0:5:1");
}

static void what_is_no_map_is_refused(void **state unused_)
{
	static const char *const texts[] = {
		"",
		":",
		"0",
		"0:",
		"a:0:1",
		"0:0:0",
		"0:0:1:",
		"-1:0:1",
		"0:-1",
		"++0:0:1",
		"0:0:1 ",
		" 0:0:1",
		"@0:0:1",
		"0:@",
		"x0:0:1",
		"0:@@0",
		"00:0:1",
		"0:0:-1",
		"uu0:0",
		"0:0:4294967295",
		"4294967294:0:2",
		"0:4294967294:2",
	};
	struct idmap_part part;
	for (size_t i = 0; i < lengthof(texts); i++)
		assert_int_equal(idmap_part_parse("--uidmap", texts[i], &part), -EINVAL);
	assert_int_equal(idmap_part_parse("--uidmap", "+ug4294967293:0:2", &part), 0);
	assert_true(part.extends && part.users && part.groups && !part.host);
}

static void too_many_ranges_are_an_error(void **state unused_)
{
	struct idmap map = idmap_new(&arena);
	int error = 0;
	assert_int_equal(idmap_insert(&map, (struct oci_id_map){0, 0, 1000000}), 0);
	for (uint32_t i = 0; i < 1000 && !error; i++)
		error = idmap_insert(&map, (struct oci_id_map){2 * i, 2000000 + 2 * i, 1});
	assert_int_equal(error, -E2BIG);
}

static void free_ids_are_found(void **state unused_)
{
	static struct facts_id_range pool_item[] = {{100, 50}, {1000, 500}};
	static struct facts_id_range used_item[] = {{90, 20}, {120, 10}, {1000, 100}, {1200, 400}};
	static const struct subordinate pool = {pool_item, 2}, used = {used_item, 4}, none = {0};
	static const struct {
		const struct subordinate *used;
		uint32_t size;
		bool less;
		uint32_t got, first;
	} table[] = {
		{&none, 50, false, 50, 100},  {&none, 51, false, 51, 1000},
		{&used, 10, false, 10, 110},  {&used, 20, false, 20, 130},
		{&used, 21, false, 21, 1100}, {&used, 100, false, 100, 1100},
		{&used, 101, false, 0, 0},    {&used, 101, true, 100, 1100},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		uint32_t size = table[i].size, first = 0;
		int error = subordinate_choose(&pool, table[i].used, "subuid", &size, table[i].less,
					       &first);
		assert_int_equal(error, table[i].got ? 0 : -EAGAIN);
		if (error)
			continue;
		assert_int_equal(size, table[i].got);
		assert_int_equal(first, table[i].first);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_make_maps),
		cmocka_unit_test(what_is_no_map_is_refused),
		cmocka_unit_test(too_many_ranges_are_an_error),
		cmocka_unit_test(free_ids_are_found),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
