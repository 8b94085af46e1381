// SPDX-License-Identifier: Apache-2.0
// test_tar.c - tar archives, good ones and hostile ones
#include "flow/tar.h"

#include "base/fail.h"
#include "tar_write.h"

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

static struct buf archive(void)
{
	return buf_new(&arena, 1 << 20);
}

static void all_kinds_are_read(void **state unused_)
{
	struct buf buf = archive();
	struct tar_entry entry;
	tar_add(&buf, '5', "./", "", "");
	tar_add(&buf, '5', "./etc/", "", "");
	tar_add(&buf, '0', "etc//./passwd", "", "root");
	tar_add(&buf, '2', "link", "../..//etc", "");
	tar_add(&buf, '1', "again", "./etc/passwd", "");
	struct tar tar = tar_open(&arena, tar_end(&buf));
	assert_int_equal(tar_next(&tar, &entry), 0);
	assert_string_equal(entry.path, ".");
	assert_int_equal(entry.kind, TAR_DIRECTORY);
	assert_int_equal(entry.mode, 0755);
	assert_int_equal(tar_next(&tar, &entry), 0);
	assert_string_equal(entry.path, "etc");
	assert_int_equal(tar_next(&tar, &entry), 0);
	assert_string_equal(entry.path, "etc/passwd");
	assert_true(str_is(entry.content, "root"));
	assert_int_equal(entry.mtime, 1700000000);
	assert_int_equal(tar_next(&tar, &entry), 0);
	assert_int_equal(entry.kind, TAR_SYMLINK);
	assert_string_equal(entry.link, "../..//etc");
	assert_int_equal(tar_next(&tar, &entry), 0);
	assert_int_equal(entry.kind, TAR_HARDLINK);
	assert_string_equal(entry.link, "etc/passwd");
	assert_int_equal(tar_next(&tar, &entry), TAR_END);
	assert_int_equal(tar_next(&tar, &entry), TAR_END);
}

static void pax_records_come_before_the_header(void **state unused_)
{
	struct buf buf = archive();
	struct tar_entry entry;
	tar_add(&buf, 'x', "pax", "",
		"17 path=./a/long\n8 uid=7\n20 mtime=12.0340000\n"
		"12 comment=\n10 size=3\n");
	tar_add_sized(&buf, '0', "short", "", "abc", 99);
	tar_add(&buf, '0', "next", "", "");
	struct tar tar = tar_open(&arena, tar_end(&buf));
	assert_int_equal(tar_next(&tar, &entry), 0);
	assert_string_equal(entry.path, "a/long");
	assert_int_equal(entry.uid, 7);
	assert_int_equal(entry.gid, 0);
	assert_int_equal(entry.mtime, 12);
	assert_int_equal(entry.mtime_ns, 34000000);
	assert_true(str_is(entry.content, "abc"));
	assert_int_equal(tar_next(&tar, &entry), 0);
	assert_string_equal(entry.path, "next");
	assert_int_equal(entry.mtime, 1700000000);
}

// Reads to the first error and tells its words.
static const char *words_of(struct str text)
{
	struct tar tar = tar_open(&arena, text);
	struct tar_entry entry;
	int result;
	while ((result = tar_next(&tar, &entry)) == 0)
		;
	return result < 0 ? fault_last()->text : "";
}

static void what_leaves_the_top_is_refused(void **state unused_)
{
	static const char *const paths[] = {"/etc/passwd", "..", "a/../../b", "a/..", "", "/"};
	for (size_t i = 0; i < lengthof(paths); i++) {
		struct buf buf = archive();
		tar_add(&buf, '0', paths[i], "", "");
		assert_string_equal(words_of(tar_end(&buf)),
				    arena_printf(&arena,
						 "tar at byte 0: path '%s': Invalid argument",
						 paths[i]));
	}
	struct buf buf = archive();
	tar_add(&buf, '1', "a", "../b", "");
	assert_string_equal(words_of(tar_end(&buf)),
			    "tar entry 'a': link to '../b': Invalid argument");
}

static void what_is_not_known_is_refused(void **state unused_)
{
	static const struct {
		char type;
		const char *content, *words;
	} cases[] = {
		{'3', "", "tar at byte 0: entries of type '3' are not supported"},
		{'L', "", "tar at byte 0: entries of type 'L' are not supported"},
		{'g', "", "tar at byte 0: entries of type 'g' are not supported"},
		{'5', "x", "tar entry 'a': content without a file"},
		{'x', "19 SCHILY.xattr.a=b\n", "tar at byte 1024: pax record without its form"},
		{'x', "20 SCHILY.xattr.a=b\n",
		 "tar at byte 1024: pax key 'SCHILY.xattr.a' is not supported"},
		{'x', "9999 path=a\n", "tar at byte 1024: pax record without its form"},
		{'x', "1 path=a\n", "tar at byte 1024: pax record without its form"},
		{'x', "9 size=-1\n", "tar at byte 1024: pax record without its form"},
		{'x', "11 size=-1\n", "tar at byte 1024: pax key 'size': bad value"},
		{'x', "10 size=x\n", "tar at byte 1024: pax key 'size': bad value"},
		{'x', "13 mtime=1.x\n", "tar at byte 1024: pax key 'mtime': bad value"},
		{'x', "8 uid=1\n", "tar at byte 1024: pax records without an entry"},
	};
	for (size_t i = 0; i < lengthof(cases); i++) {
		struct buf buf = archive();
		tar_add(&buf, cases[i].type, "a", "", cases[i].content);
		assert_string_equal(words_of(tar_end(&buf)), cases[i].words);
	}
}

static void what_is_cut_off_is_refused(void **state unused_)
{
	struct buf buf = archive();
	tar_add(&buf, '0', "a", "", "some content");
	struct str whole = tar_end(&buf);
	assert_string_equal(words_of(whole), "");
	for (size_t n = 0; n < whole.n; n++)
		assert_true(*words_of((struct str){whole.p, n}));

	char *broken = arena_dup_n(&arena, whole.p, whole.n);
	broken[3] ^= 1;
	assert_string_equal(words_of((struct str){broken, whole.n}),
			    "tar at byte 0: no header, or a broken one");
	broken[3] ^= 1;
	broken[whole.n - 1] = 'x';
	assert_string_equal(words_of((struct str){broken, whole.n}),
			    "tar at byte 1024: something follows its end");

	buf = archive();
	tar_add_sized(&buf, '0', "a", "", "", 077777777777);
	assert_string_equal(words_of(tar_end(&buf)),
			    "tar at byte 0: cut off: 8589934591 bytes of content, 1024 are there");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_kinds_are_read),
		cmocka_unit_test(pax_records_come_before_the_header),
		cmocka_unit_test(what_leaves_the_top_is_refused),
		cmocka_unit_test(what_is_not_known_is_refused),
		cmocka_unit_test(what_is_cut_off_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
