// SPDX-License-Identifier: Apache-2.0
// test_limits.c - the arithmetic of memory, swap, processors and processes
#include "engine/limits/limits.h"

#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static const int64_t NONE = INT64_MIN;

static struct arena arena;

static const struct engine_place place = {.processors = 2};

static struct oci_resources nothing_given(void)
{
	struct oci_resources resources;
	shape_init(&oci_resources_shape, &resources);
	return resources;
}

static const struct facts root_facts = {.swap_accounting = true, .cpus = "0-1,3", .mems = "0"};

static void swap_is_counted_with_memory(void **state unused_)
{
	static const struct {
		const char *memory, *swap;
		int64_t limit, both;
	} table[] = {
		{"100m", NULL, 104857600, 209715200},
		{"100m", "150m", 104857600, 157286400},
		{"100m", "100m", 104857600, 104857600},
		{"100m", "-1", 104857600, -1},
		{"100m", "0", 104857600, 209715200},
		{"6m", NULL, 6291456, 12582912},
		{"8191p", NULL, 9222246136947933184, -1},
		{"0", NULL, NONE, NONE},
		{"0", "-1", NONE, NONE},
		{NULL, "-1", NONE, NONE},
		{NULL, "0", NONE, NONE},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		struct run_opts opts = {.memory = table[i].memory, .memory_swap = table[i].swap};
		struct oci_resources got = nothing_given();
		assert_int_equal(limits_parse(&arena, &opts, &root_facts, &place, &got), 0);
		assert_int_equal(got.memory_limit, table[i].limit);
		assert_int_equal(got.memory_swap, table[i].both);
	}
}

static void processors_are_time(void **state unused_)
{
	static const struct {
		const char *text;
		int64_t quota;
	} table[] = {
		{"1.5", 150000},         {"2", 200000},      {"2.000000000", 200000},
		{"0.01", 1000},          {".5", 50000},      {"0.015", 1500},
		{"1.999999999", 199999}, {"0.012345", 1234}, {"0", NONE},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		struct run_opts opts = {.cpus = table[i].text};
		struct oci_resources got = nothing_given();
		assert_int_equal(limits_parse(&arena, &opts, &root_facts, &place, &got), 0);
		assert_int_equal(got.cpu_quota, table[i].quota);
		assert_true(got.cpu_period == (table[i].quota == NONE ? UINT64_MAX : 100000));
	}
}

static void no_limit_of_processes_is_none(void **state unused_)
{
	static const struct {
		const char *text;
		int64_t limit;
	} table[] = {{"64", 64}, {"1", 1}, {"0", NONE}, {"-1", NONE}};
	for (size_t i = 0; i < lengthof(table); i++) {
		struct run_opts opts = {.pids_limit = table[i].text};
		struct oci_resources got = nothing_given();
		assert_int_equal(limits_parse(&arena, &opts, &root_facts, &place, &got), 0);
		assert_int_equal(got.pids_limit, table[i].limit);
	}
}

static void refuses_what_cannot_be(void **state unused_)
{
	static const struct {
		struct run_opts opts;
		const char *words;
	} table[] = {
		{{.memory = "5m"}, "--memory '5m': less than 6m, the least a container starts in"},
		{{.memory = "512"},
		 "--memory '512': less than 6m, the least a container starts in"},
		{{.memory = "1q"}, "--memory '1q': 'q' is not a unit"},
		{{.memory = "100m", .memory_swap = "50m"},
		 "--memory-swap '50m': less than --memory"},
		{{.memory_swap = "200m"}, "--memory-swap '200m': given without --memory"},
		{{.memory = "100m", .memory_swap = "-2"},
		 "--memory-swap '-2': a size is not negative"},
		{{.cpus = "0.001"}, "--cpus '0.001': less than the kernel's least, 0.01"},
		{{.cpus = "0.000000001"},
		 "--cpus '0.000000001': less than the kernel's least, 0.01"},
		{{.cpus = "2.000000001"}, "--cpus '2.000000001': there are 2 processors here"},
		{{.cpus = "3"}, "--cpus '3': there are 2 processors here"},
		{{.cpus = "18446744073709551615"},
		 "--cpus '18446744073709551615': there are 2 processors here"},
		{{.cpus = "-1"}, "--cpus '-1': not a number of processors"},
		{{.cpus = "1/2"}, "--cpus '1/2': not a number of processors"},
		{{.cpus = "1e0"}, "--cpus '1e0': not a number of processors"},
		{{.cpus = ""}, "--cpus '': not a number of processors"},
		{{.pids_limit = "-7"}, "--pids-limit '-7': not a number of processes"},
		{{.pids_limit = "0x10"}, "--pids-limit '0x10': not a number of processes"},
		{{.pids_limit = "64k"}, "--pids-limit '64k': not a number of processes"},
		{{.pids_limit = "9223372036854775808"},
		 "--pids-limit '9223372036854775808': not a number of processes"},
		{{.memory = "100m", .memory_reservation = "200m"},
		 "--memory-reservation '200m': more than --memory"},
		{{.memory_reservation = "1m"},
		 "--memory-reservation '1m': less than 6m, the least a container starts in"},
		{{.memory_swappiness = "101"},
		 "--memory-swappiness '101': not a number from 0 to 100"},
		{{.oom_kill_disable = true}, "--oom-kill-disable: needs --memory"},
		{{.cpu_shares = "1"},
		 "--cpu-shares '1': not a number of shares that the kernel takes"},
		{{.cpu_shares = "262145"},
		 "--cpu-shares '262145': not a number of shares that the kernel takes"},
		{{.cpu_shares = "-5"},
		 "--cpu-shares '-5': not a number of shares that the kernel takes"},
		{{.cpu_period = "999"},
		 "--cpu-period '999': not a number of microseconds that the kernel takes"},
		{{.cpu_quota = "999"},
		 "--cpu-quota '999': not a number of microseconds that the kernel takes"},
		{{.cpus = "1", .cpu_quota = "5000"}, "--cpus and --cpu-quota: only one of them"},
		{{.cpus = "1", .cpu_period = "5000"}, "--cpus and --cpu-period: only one of them"},
		{{.cpu_rt_period = "1000", .cpu_rt_runtime = "2000"},
		 "--cpu-rt-runtime '2000': more than --cpu-rt-period"},
		{{.cpuset_cpus = "0-4"}, "--cpuset-cpus '0-4': not all of them are here"},
		{{.cpuset_cpus = "8192"}, "--cpuset-cpus '8192': not all of them are here"},
		{{.cpuset_cpus = "0,"}, "--cpuset-cpus '0,': not a list of numbers"},
		{{.cpuset_cpus = "3-1"}, "--cpuset-cpus '3-1': not a list of numbers"},
		{{.cpuset_mems = "1"}, "--cpuset-mems '1': not all of them are here"},
		{{.memory = "100m", .cgroups = "disabled"},
		 "--memory needs a cgroup, and --cgroups is disabled"},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		struct oci_resources got = nothing_given();
		assert_true(limits_parse(&arena, &table[i].opts, &root_facts, &place, &got) < 0);
		assert_string_equal(fault_last()->text, table[i].words);
		assert_int_equal(got.memory_limit, NONE);
	}
}

static void shares_quota_period_and_sets(void **state unused_)
{
	const struct run_opts opts = {
		.memory = "100m",
		.memory_reservation = "50m",
		.memory_swappiness = "0",
		.oom_kill_disable = true,
		.cpu_shares = "512",
		.cpu_period = "50000",
		.cpu_quota = "25000",
		.cpu_rt_period = "1000000",
		.cpu_rt_runtime = "950000",
		.cpuset_cpus = "0,3",
		.cpuset_mems = "0-0",
	};
	struct oci_resources got = nothing_given();
	assert_int_equal(limits_parse(&arena, &opts, &root_facts, &place, &got), 0);
	assert_int_equal(got.memory_reservation, 52428800);
	assert_int_equal(got.memory_swappiness, 0);
	assert_true(got.memory_oom_kill_off);
	assert_int_equal(got.cpu_shares, 512);
	assert_int_equal(got.cpu_period, 50000);
	assert_int_equal(got.cpu_quota, 25000);
	assert_int_equal(got.cpu_rt_period, 1000000);
	assert_int_equal(got.cpu_rt_runtime, 950000);
	assert_string_equal(got.cpuset_cpus, "0,3");
	assert_string_equal(got.cpuset_mems, "0-0");
	const struct run_opts as_it_is = {
		.memory_reservation = "0",
		.memory_swappiness = "-1",
		.cpu_shares = "0",
		.cpu_period = "0",
		.cpu_quota = "-1",
		.cpus = "0",
		.cpuset_cpus = "",
		.pids_limit = "0",
	};
	struct oci_resources untouched = nothing_given();
	assert_int_equal(limits_parse(&arena, &as_it_is, &root_facts, &place, &untouched), 0);
	struct oci_resources nothing = nothing_given();
	assert_memory_equal(&untouched, &nothing, sizeof(nothing));
}

static void version_2_says_what_it_lacks(void **state unused_)
{
	struct facts facts = root_facts;
	facts.controller[CONTROLLER_MEMORY].kind = CGROUP_V2;
	const struct run_opts swappiness = {.memory_swappiness = "10"};
	const struct run_opts oom = {.memory = "100m", .oom_kill_disable = true};
	struct oci_resources got = nothing_given();
	assert_int_equal(limits_parse(&arena, &swappiness, &facts, &place, &got), -EOPNOTSUPP);
	assert_string_equal(
		fault_last()->text,
		"--memory-swappiness: memory is on cgroup v2 here, which does not have it");
	assert_int_equal(limits_parse(&arena, &oom, &facts, &place, &got), -EOPNOTSUPP);
	assert_string_equal(
		fault_last()->text,
		"--oom-kill-disable: memory is on cgroup v2 here, which does not have it");
}

static void needs_swap_accounting_only_when_asked(void **state unused_)
{
	const struct facts facts = {0};
	struct run_opts opts = {.memory = "100m"};
	struct oci_resources got = nothing_given();
	assert_int_equal(limits_parse(&arena, &opts, &facts, &place, &got), 0);
	assert_int_equal(got.memory_limit, 104857600);
	assert_int_equal(got.memory_swap, NONE);
	opts.memory_swap = "150m";
	assert_true(limits_parse(&arena, &opts, &facts, &place, &got) < 0);
	assert_string_equal(fault_last()->text,
			    "--memory-swap '150m': this kernel does not account for swap");
}

static void ordinary_users_get_an_error(void **state unused_)
{
	const struct facts facts = {.uid = 1000, .swap_accounting = true};
	static const struct run_opts limited[] = {
		{.memory = "100m"}, {.cpus = "1"}, {.pids_limit = "64"}};
	for (size_t i = 0; i < lengthof(limited); i++) {
		struct oci_resources got = nothing_given();
		assert_int_equal(limits_parse(&arena, &limited[i], &facts, &place, &got), -EPERM);
		assert_non_null(strstr(fault_last()->text, "no cgroup of its own"));
	}
	const struct run_opts unlimited = {.memory = "0", .cpus = "0", .pids_limit = "-1"};
	struct oci_resources got = nothing_given();
	assert_int_equal(limits_parse(&arena, &unlimited, &facts, &place, &got), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(swap_is_counted_with_memory),
		cmocka_unit_test(processors_are_time),
		cmocka_unit_test(no_limit_of_processes_is_none),
		cmocka_unit_test(refuses_what_cannot_be),
		cmocka_unit_test(shares_quota_period_and_sets),
		cmocka_unit_test(version_2_says_what_it_lacks),
		cmocka_unit_test(needs_swap_accounting_only_when_asked),
		cmocka_unit_test(ordinary_users_get_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
