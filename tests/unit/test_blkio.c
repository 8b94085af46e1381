// SPDX-License-Identifier: Apache-2.0
// test_blkio.c - rates and weights of block devices, keys, and parents of cgroups
#include "engine/limits/blkio.h"

#include "base/fail.h"
#include "engine/limits/cgroup_conf.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static void a_value_is_a_device_and_its_rate(void **state unused_)
{
	static const struct {
		enum blkio_kind kind;
		const char *text, *path;
		uint64_t rate;
	} table[] = {
		{BLKIO_BYTES, "/dev/sda:1m", "/dev/sda", 1048576},
		{BLKIO_BYTES, "/dev/disk/by-path/pci-0:1:1.5k", "/dev/disk/by-path/pci-0:1", 1536},
		{BLKIO_BYTES, "/dev/sda:0", "/dev/sda", 0},
		{BLKIO_COUNT, "/dev/sda:100", "/dev/sda", 100},
		{BLKIO_WEIGHT, "/dev/sda:10", "/dev/sda", 10},
		{BLKIO_WEIGHT, "/dev/sda:1000", "/dev/sda", 1000},
		{BLKIO_WEIGHT, "/dev/sda:0", "/dev/sda", 0},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		const char *path;
		uint64_t rate;
		assert_int_equal(
			blkio_value(&arena, "--x", table[i].kind, table[i].text, &path, &rate), 0);
		assert_string_equal(path, table[i].path);
		assert_int_equal(rate, table[i].rate);
	}
}

static void anything_else_is_refused(void **state unused_)
{
	static const struct {
		enum blkio_kind kind;
		const char *text, *words;
	} table[] = {
		{BLKIO_BYTES, "", "--x '': not a device and its rate"},
		{BLKIO_BYTES, "/dev/sda", "--x '/dev/sda': not a device and its rate"},
		{BLKIO_BYTES, "/dev/sda:", "--x '/dev/sda:': not a device and its rate"},
		{BLKIO_BYTES, "/dev/:1m", "--x '/dev/:1m': not a device and its rate"},
		{BLKIO_BYTES, "sda:1m", "--x 'sda:1m': not a device and its rate"},
		{BLKIO_BYTES, "/dev/sda:-1", "--x '-1': a size is not negative"},
		{BLKIO_COUNT, "/dev/sda:1m",
		 "--x '/dev/sda:1m': '1m' is not a number of operations"},
		{BLKIO_WEIGHT, "/dev/sda:9", "--x '/dev/sda:9': not a weight"},
		{BLKIO_WEIGHT, "/dev/sda:1001", "--x '/dev/sda:1001': not a weight"},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		const char *path;
		uint64_t rate;
		assert_true(blkio_value(&arena, "--x", table[i].kind, table[i].text, &path, &rate) <
			    0);
		assert_string_equal(fault_last()->text, table[i].words);
	}
}

static void what_is_no_disk_is_refused(void **state unused_)
{
	const struct engine_place place = {0};
	const char *zero[] = {"/dev/zero:1m"}, *gone[] = {"/dev/there-is-none:1m"};
	struct run_opts opts = {.device_read_bps = {zero, 1}};
	struct oci_resources resources = {0};
	assert_int_equal(blkio_parse(&arena, &opts, &place, &resources), -ENOTBLK);
	assert_string_equal(fault_last()->text,
			    "--device-read-bps '/dev/zero': not a block device");
	opts.device_read_bps.item = gone;
	assert_int_equal(blkio_parse(&arena, &opts, &place, &resources), -ENOENT);
	const struct run_opts weight = {.blkio_weight = "9"};
	assert_int_equal(blkio_parse(&arena, &weight, &place, &resources), -ERANGE);
}

static void keys_and_values(void **state unused_)
{
	const char *good[] = {"memory.high=max", "io.max=8:0 rbps=1"};
	struct oci_resources resources = {0};
	assert_int_equal(cgroup_conf_parse(&arena, &(struct oci_strings){good, 2}, &resources), 0);
	assert_int_equal(resources.unified_n, 2);
	assert_string_equal(resources.unified[1].name, "io.max");
	assert_string_equal(resources.unified[1].value, "8:0 rbps=1");
	static const char *const bad[] = {"", "memory.high", "=1", "memory.high="};
	for (size_t i = 0; i < lengthof(bad); i++) {
		const char *one = bad[i];
		assert_int_equal(
			cgroup_conf_parse(&arena, &(struct oci_strings){&one, 1}, &resources),
			-EINVAL);
	}
}

static void parents_are_paths(void **state unused_)
{
	static const struct {
		const char *text, *path;
	} table[] = {
		{"batch", "batch"},
		{"/batch/night/", "batch/night"},
		{"batch.slice", "batch.slice"},
		{"a-b-c.slice", "a.slice/a-b.slice/a-b-c.slice"},
		{"x/a-b.slice", "x/a-b.slice"},
		{"user-1000@x:1_2", "user-1000@x:1_2"},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		const char *path;
		assert_int_equal(cgroup_parent_parse(&arena, table[i].text, &path), 0);
		assert_string_equal(path, table[i].path);
	}
	static const char *const bad[] = {
		"",    "/",     "..",       "a/../b",     "a//b",     "./a",  "a b", "a\nb",
		"a;b", "$(id)", "-a.slice", "a--b.slice", "a-.slice", "a/.b", "a'b", "a\xc3\xa4"};
	for (size_t i = 0; i < lengthof(bad); i++) {
		const char *path;
		assert_int_equal(cgroup_parent_parse(&arena, bad[i], &path), -EINVAL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_a_device_and_its_rate),
		cmocka_unit_test(anything_else_is_refused),
		cmocka_unit_test(what_is_no_disk_is_refused),
		cmocka_unit_test(keys_and_values),
		cmocka_unit_test(parents_are_paths),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
