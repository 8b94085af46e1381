// SPDX-License-Identifier: Apache-2.0
// test_unpack_record.c - records that come back as they were, and such as nobody writes
#include "store/unpack_record.h"

#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static int tear_down(void **state unused_)
{
	arena_free(&arena);
	return 0;
}

static const struct unpack_record node = {
	.kind = UNPACK_NODE,
	.path = "dev/odd",
	.mode = S_IFBLK | 01660,
	.uid = 4000000000,
	.gid = 6,
	.major = 4095,
	.minor = 1048575,
	.mtime = -5,
	.mtime_ns = 999999999,
};
static const struct unpack_record mark = {.kind = UNPACK_OPAQUE, .path = "."};

static void records_come_back(void **state unused_)
{
	char bytes[UNPACK_RECORD_MAX];
	struct unpack_record got;
	size_t used, n = unpack_record_write(&node, bytes);
	assert_int_equal(n, UNPACK_RECORD_HEAD + 7);
	assert_int_equal(unpack_record_read(&arena, (struct str){bytes, n}, &got, &used), 0);
	assert_int_equal(used, n);
	assert_int_equal(got.kind, UNPACK_NODE);
	assert_string_equal(got.path, "dev/odd");
	assert_int_equal(got.mode, node.mode);
	assert_int_equal(got.uid, node.uid);
	assert_int_equal(got.gid, node.gid);
	assert_int_equal(got.major, node.major);
	assert_int_equal(got.minor, node.minor);
	assert_int_equal(got.mtime, node.mtime);
	assert_int_equal(got.mtime_ns, node.mtime_ns);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(unpack_record_read(&arena, (struct str){bytes, i}, &got, &used),
				 UNPACK_RECORD_SHORT);

	char long_path[UNPACK_RECORD_PATH_MAX + 1] = {0};
	for (size_t i = 0; i < UNPACK_RECORD_PATH_MAX; i++)
		long_path[i] = i % 32 == 31 ? '/' : 'a';
	long_path[UNPACK_RECORD_PATH_MAX - 1] = 'a';
	struct unpack_record far = mark;
	far.path = long_path;
	n = unpack_record_write(&far, bytes);
	assert_int_equal(n, UNPACK_RECORD_MAX);
	assert_int_equal(unpack_record_read(&arena, (struct str){bytes, n}, &got, &used), 0);
	assert_string_equal(got.path, long_path);
}

static void refused(const struct unpack_record *record)
{
	char bytes[UNPACK_RECORD_MAX];
	struct unpack_record got;
	size_t used, n = unpack_record_write(record, bytes);
	assert_int_equal(unpack_record_read(&arena, (struct str){bytes, n}, &got, &used), -EINVAL);
}

static void bad_paths_are_refused(void **state unused_)
{
	static const char *const paths[] = {
		"",     "/",        "/dev/x", "dev/", "dev//x",  "..",
		"../x", "dev/../x", "dev/..", "./x",  "dev/./x", "dev/.",
	};
	struct unpack_record record = node;
	for (size_t i = 0; i < lengthof(paths); i++) {
		record.path = paths[i];
		refused(&record);
	}
	record.path = ".";
	refused(&record);
	char deep[1024] = {0};
	for (size_t i = 0; i < 600; i++)
		deep[i] = i % 2 ? '/' : 'a';
	deep[600] = 'a';
	record.path = deep;
	refused(&record);
	memset(deep, 'a', 256);
	deep[256] = '\0';
	refused(&record);
}

static void bad_numbers_are_refused(void **state unused_)
{
	static const uint32_t modes[] = {0,
					 S_IFREG | 0644,
					 S_IFIFO | 0644,
					 S_IFDIR | 0755,
					 S_IFCHR | 0200000,
					 S_IFSOCK | 0600,
					 UINT32_MAX};
	for (size_t i = 0; i < lengthof(modes); i++) {
		struct unpack_record record = node;
		record.mode = modes[i];
		refused(&record);
	}
	struct unpack_record record = node;
	record.mode = S_IFCHR | 0600;
	record.major = record.minor = 0; // a whiteout
	refused(&record);
	record = node;
	record.major = 4096;
	refused(&record);
	record = node;
	record.minor = 1048576;
	refused(&record);
	record = node;
	record.uid = UINT32_MAX;
	refused(&record);
	record = node;
	record.gid = UINT32_MAX;
	refused(&record);
	record = node;
	record.mtime_ns = 1000000000;
	refused(&record);
	record = mark;
	record.mode = S_IFCHR;
	refused(&record);
	record = mark;
	record.kind = 3;
	refused(&record);
}

static void bad_bytes_are_refused(void **state unused_)
{
	char bytes[UNPACK_RECORD_MAX];
	struct unpack_record got;
	size_t used, n = unpack_record_write(&mark, bytes);
	static const size_t places[] = {0, 3, 4, 5, 7, 12, 15, 44, 47, UNPACK_RECORD_HEAD};
	for (size_t i = 0; i < lengthof(places); i++) {
		char before = bytes[places[i]];
		bytes[places[i]] = (char)(before ^ '.' ^ 0x40);
		if (places[i] == UNPACK_RECORD_HEAD)
			bytes[places[i]] = '\0';
		assert_int_equal(unpack_record_read(&arena, (struct str){bytes, n}, &got, &used),
				 -EINVAL);
		bytes[places[i]] = before;
	}
	bytes[6] = 0; // a path of no bytes
	assert_int_equal(unpack_record_read(&arena, (struct str){bytes, n}, &got, &used), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_back),
		cmocka_unit_test(bad_paths_are_refused),
		cmocka_unit_test(bad_numbers_are_refused),
		cmocka_unit_test(bad_bytes_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
