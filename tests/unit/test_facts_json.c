// SPDX-License-Identifier: Apache-2.0
// test_facts_json.c - a host described by a document
#include "kern/facts.h"

#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static void reads_what_it_prints(void **state unused_)
{
	struct arena arena = {0};
	struct facts facts = {
		.uid = 1000,
		.gid = 100,
		.user = "u",
		.kernel_major = 6,
		.kernel_minor = 18,
		.machine = "x86_64",
		.capabilities = 1ull << 40,
		.nofile_hard = UINT64_MAX,
		.swap_accounting = true,
		.subuid = {100000, 65536},
		.newuidmap = "/usr/bin/newuidmap",
	};
	facts.controller[CONTROLLER_MEMORY] =
		(struct facts_controller){CGROUP_V2, "/sys/fs/cgroup", "/u.slice", true};
	facts.controller[CONTROLLER_BLKIO] =
		(struct facts_controller){CGROUP_V1, "/sys/fs/cgroup/blkio", "/", false};

	struct facts read;
	struct str text = facts_to_json(&arena, &facts);
	assert_int_equal(facts_from_json(&arena, text, &read), 0);
	assert_string_equal(facts_to_json(&arena, &read).p, text.p);
	assert_int_equal(read.uid, 1000);
	assert_int_equal(read.capabilities, 1ull << 40);
	assert_true(read.nofile_hard == UINT64_MAX);
	assert_int_equal(read.controller[CONTROLLER_MEMORY].kind, CGROUP_V2);
	assert_string_equal(read.controller[CONTROLLER_BLKIO].directory, "/sys/fs/cgroup/blkio");
	assert_int_equal(read.controller[CONTROLLER_PIDS].kind, CGROUP_NONE);
	assert_int_equal(read.subuid.count, 65536);
	assert_null(read.cgroup2);
	arena_free(&arena);
}

static void refuses_what_no_fact_is(void **state unused_)
{
	struct arena arena = {0};
	struct facts facts;
	assert_int_equal(facts_from_json(&arena, STR("{\"uid\": 0, \"shoe\": 44}"), &facts),
			 -EINVAL);
	assert_int_equal(facts_from_json(&arena,
					 STR("{\"controllers\": {\"memory\": {\"version\": 3}}}"),
					 &facts),
			 -EINVAL);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_it_prints),
		cmocka_unit_test(refuses_what_no_fact_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
