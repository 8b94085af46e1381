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

// All of a file, holes as zeros.
static struct str content_of(struct tar *tar, const struct tar_entry *entry)
{
	char *bytes = arena_alloc(&arena, entry->size + 1, 1);
	struct tar_piece piece;
	uint64_t stored = 0;
	int result;
	while ((result = tar_piece(tar, &piece)) == 0) {
		assert_true(piece.at + piece.bytes.n <= entry->size);
		memcpy(bytes + piece.at, piece.bytes.p, piece.bytes.n);
		stored += piece.bytes.n;
	}
	assert_int_equal(result, TAR_END);
	assert_int_equal(stored, entry->stored);
	return (struct str){bytes, entry->size};
}

static void assert_content(struct tar *tar, const struct tar_entry *entry, const char *text)
{
	assert_true(str_is(content_of(tar, entry), text));
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
	struct tar tar;
	tar_open(&tar, &arena, stream_memory(&arena, tar_end(&buf)));
	assert_int_equal(tar_next(&tar, &entry), 0);
	assert_string_equal(entry.path, ".");
	assert_int_equal(entry.kind, TAR_DIRECTORY);
	assert_int_equal(entry.mode, 0755);
	assert_int_equal(tar_next(&tar, &entry), 0);
	assert_string_equal(entry.path, "etc");
	assert_int_equal(tar_next(&tar, &entry), 0);
	assert_string_equal(entry.path, "etc/passwd");
	assert_content(&tar, &entry, "root");
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
	struct tar tar;
	tar_open(&tar, &arena, stream_memory(&arena, tar_end(&buf)));
	assert_int_equal(tar_next(&tar, &entry), 0);
	assert_string_equal(entry.path, "a/long");
	assert_int_equal(entry.uid, 7);
	assert_int_equal(entry.gid, 0);
	assert_int_equal(entry.mtime, 12);
	assert_int_equal(entry.mtime_ns, 34000000);
	assert_content(&tar, &entry, "abc");
	assert_int_equal(tar_next(&tar, &entry), 0);
	assert_string_equal(entry.path, "next");
	assert_int_equal(entry.mtime, 1700000000);
}

// Reads to the first error and tells its words.
static const char *words_of(struct str text)
{
	struct tar tar;
	struct tar_entry entry;
	int result;
	tar_open(&tar, &arena, stream_memory(&arena, text));
	while ((result = tar_next(&tar, &entry)) == 0)
		;
	return result < 0 ? fault_last()->text : "";
}

static void what_leaves_the_top_is_refused(void **state unused_)
{
	static const char *const paths[] = {"..", "a/../../b", "a/..", "", "/..", "./../a"};
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
		const char *path, *content, *words;
	} cases[] = {
		{'M', "a", "", "tar at byte 0: entries of type 'M' are not supported"},
		{'V', "a", "", "tar at byte 0: entries of type 'V' are not supported"},
		{'\1', "a", "", "tar at byte 0: entries of type '?' are not supported"},
		{'0', "a/", "", "tar at byte 0: 'a/' calls itself a file"},
		{'0', "/", "", "tar at byte 0: '/' calls itself a file"},
		{'2', "./", "", "tar at byte 0: the top is no directory"},
		{'1', ".", "", "tar at byte 0: the top is no directory"},
		{'5', "a", "x", "tar entry 'a': content without a file"},
		{'2', "a", "x", "tar entry 'a': link to '': Invalid argument"},
		{'3', "a", "x", "tar entry 'a': content without a file"},
		{'x', "a", "19 SCHILY.xattr.a=b\n", "tar at byte 0: pax record without its form"},
		{'x', "a", "22 SCHILY.realsize=1\n", "tar at byte 0: pax record without its form"},
		{'x', "a", "21 SCHILY.realsize=1\n",
		 "tar at byte 0: pax key 'SCHILY.realsize' is not supported"},
		{'x', "a", "11 realm=1\n", "tar at byte 0: pax key 'realm' is not supported"},
		{'x', "a", "9999 path=a\n", "tar at byte 0: pax record without its form"},
		{'x', "a", "1 path=a\n", "tar at byte 0: pax record without its form"},
		{'x', "a", "9 size=-1\n", "tar at byte 0: pax record without its form"},
		{'x', "a", "11 size=-1\n", "tar at byte 0: pax key 'size': bad value"},
		{'x', "a", "10 size=x\n", "tar at byte 0: pax key 'size': bad value"},
		{'x', "a", "8 size=\n", "tar at byte 0: pax key 'size': bad value"},
		{'x', "a", "8 path=\n", "tar at byte 0: pax key 'path': bad value"},
		{'x', "a", "18 uid=4294967295\n", "tar at byte 0: pax key 'uid': bad value"},
		{'x', "a", "13 mtime=1.x\n", "tar at byte 0: pax key 'mtime': bad value"},
		{'x', "a", "11 mtime=-\n", "tar at byte 0: pax key 'mtime': bad value"},
		{'x', "a", "10 path=a\n10 path=a\n",
		 "tar at byte 0: pax key 'path' is there twice"},
		{'x', "a", "24 SCHILY.xattr.user.a=\n24 SCHILY.xattr.user.a=\n",
		 "tar at byte 0: pax key 'SCHILY.xattr.user.a' is there twice"},
		{'x', "a", "8 uid=1\n", "tar at byte 1024: a header without an entry"},
		{'L', "a", "b", "tar at byte 1024: a header without an entry"},
		{'K', "a", "b", "tar at byte 1024: a header without an entry"},
		{'L', "a", "", "tar at byte 0: a long name that is none"},
		{'g', "a", "10 path=a\n",
		 "tar at byte 0: pax key 'path' is not supported for all entries"},
		{'g', "a", "10 size=1\n",
		 "tar at byte 0: pax key 'size' is not supported for all entries"},
	};
	for (size_t i = 0; i < lengthof(cases); i++) {
		struct buf buf = archive();
		tar_add(&buf, cases[i].type, cases[i].path, "", cases[i].content);
		assert_string_equal(words_of(tar_end(&buf)), cases[i].words);
	}
}

// Opens what was written and reads its first entry.
static struct tar *first(struct str text, struct tar_entry *ret_entry)
{
	struct tar *tar = arena_new(&arena, struct tar);
	fault_clear();
	tar_open(tar, &arena, stream_memory(&arena, text));
	assert_int_equal(tar_next(tar, ret_entry), 0);
	return tar;
}

// A header with some of its fields changed.
static void add_changed(struct buf *buf, char type, const char *path, size_t at, const char *bytes,
			size_t n)
{
	char header[512];
	tar_header(header, type, 0644, path, "", 0);
	memcpy(header + at, bytes, n);
	tar_sum(header);
	buf_add(buf, header, 512);
}

static void older_headers_are_read(void **state unused_)
{
	struct buf buf = archive();
	struct tar_entry entry;
	add_changed(&buf, '\0', "v7", 257, "\0\0\0\0\0\0\0", 8);
	struct tar *tar = first(tar_end(&buf), &entry);
	assert_string_equal(entry.path, "v7");
	assert_int_equal(entry.kind, TAR_FILE);
	assert_int_equal(tar_next(tar, &entry), TAR_END);

	buf = archive();
	add_changed(&buf, '\0', "v7dir/", 257, "\0\0\0\0\0\0\0", 8);
	first(tar_end(&buf), &entry);
	assert_int_equal(entry.kind, TAR_DIRECTORY);

	buf = archive();
	add_changed(&buf, '0', "blanks", 100, "   644 \0   101 ", 15);
	first(tar_end(&buf), &entry);
	assert_int_equal(entry.mode, 0644);
	assert_int_equal(entry.uid, 0101);

	buf = archive();
	add_changed(&buf, '0', "empty", 108, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	first(tar_end(&buf), &entry);
	assert_int_equal(entry.uid, 0);

	buf = archive();
	add_changed(&buf, '7', "contiguous", 345, "prefix", 6);
	first(tar_end(&buf), &entry);
	assert_int_equal(entry.kind, TAR_FILE);
	assert_string_equal(entry.path, "prefix/contiguous");

	// GNU tar has times where POSIX has the prefix.
	buf = archive();
	char header[512];
	tar_header(header, '0', 0644, "gnu", "", 0);
	memcpy(header + 257, "ustar  \0", 8);
	memcpy(header + 345, "14524772040", 12);
	tar_sum(header);
	buf_add(&buf, header, 512);
	first(tar_end(&buf), &entry);
	assert_string_equal(entry.path, "gnu");

	buf = archive();
	add_changed(&buf, '0', "odd", 257, "ustar\00001", 8);
	assert_string_equal(words_of(tar_end(&buf)),
			    "tar at byte 0: neither ustar nor another known format");
	buf = archive();
	add_changed(&buf, '0', "nosize", 124, "\0\0\0\0\0\0\0\0\0\0\0", 12);
	assert_string_equal(words_of(tar_end(&buf)), "tar entry 'nosize': no size");
	buf = archive();
	add_changed(&buf, '0', "badid", 108, "0000009", 8);
	assert_string_equal(words_of(tar_end(&buf)), "tar entry 'badid': bad number in its header");
}

static void devices_and_fifos_are_read(void **state unused_)
{
	struct buf buf = archive();
	struct tar_entry entry;
	add_changed(&buf, '3', "dev/tty1", 329,
		    "0000004\0"
		    "0000001",
		    16);
	add_changed(&buf, '4', "dev/sda", 329,
		    "0000010\0"
		    "\200\0\0\0\0\0\020\1",
		    16);
	add_changed(&buf, '6', "fifo", 329, "junk in here...", 16);
	struct tar *tar = first(tar_end(&buf), &entry);
	assert_int_equal(entry.kind, TAR_CHARDEV);
	assert_int_equal(entry.major, 4);
	assert_int_equal(tar_next(tar, &entry), 0);
	assert_int_equal(entry.kind, TAR_BLOCKDEV);
	assert_int_equal(entry.major, 8);
	assert_int_equal(entry.minor, 0x1001);
	assert_int_equal(tar_next(tar, &entry), 0);
	assert_int_equal(entry.kind, TAR_FIFO);
}

static void base_256_is_read(void **state unused_)
{
	static const struct {
		size_t at, n;
		const char *bytes;
		bool good;
		int64_t number;
	} cases[] = {
		{108, 8, "\200\0\0\0\xb2\xd0\x5e\0", true, 3000000000},
		{108, 8, "\200\0\0\0\xff\xff\xff\xfe", true, 4294967294},
		{108, 8, "\200\0\0\0\xff\xff\xff\xff", false, 0},
		{108, 8, "\377\377\377\377\377\377\377\377", false, 0},
		{108, 8, "\201\0\0\0\0\0\0\1", false, 0},
		{136, 12, "\377\377\377\377\377\377\377\377\377\377\377\373", true, -5},
		{136, 12, "\200\0\0\0\0\0\0\1\0\0\0\0", true, 4294967296},
		{136, 12, "\200\0\0\1\0\0\0\0\0\0\0\0", false, 0},
		{136, 12, "\200\0\0\0\377\377\377\377\377\377\377\377", false, 0},
		{136, 12, "\377\377\377\377\0\0\0\0\0\0\0\0", false, 0},
		{124, 12, "\377\377\377\377\377\377\377\377\377\377\377\373", false, 0},
	};
	for (size_t i = 0; i < lengthof(cases); i++) {
		struct buf buf = archive();
		struct tar_entry entry;
		add_changed(&buf, '0', "a", cases[i].at, cases[i].bytes, cases[i].n);
		struct str text = tar_end(&buf);
		if (!cases[i].good) {
			assert_true(*words_of(text));
			continue;
		}
		first(text, &entry);
		assert_int_equal(cases[i].at == 108 ? entry.uid : entry.mtime, cases[i].number);
	}
}

static void add_long(struct buf *buf, char type, const char *name)
{
	char header[512];
	tar_header(header, type, 0644, "././@LongLink", "", strlen(name) + 1);
	buf_add(buf, header, 512);
	tar_add_bytes(buf, name, strlen(name) + 1);
}

static void gnu_long_names_are_read(void **state unused_)
{
	struct buf buf = archive();
	struct tar_entry entry;
	const char *path = arena_printf(&arena, "%0200d/%0150d", 1, 2);
	add_long(&buf, 'K', path);
	add_long(&buf, 'L', path);
	tar_add_pax(&buf, "mtime", "1600000000.123456789");
	tar_add(&buf, '2', "short", "target", "");
	tar_add(&buf, '0', "next", "", "");
	struct tar *tar = first(tar_end(&buf), &entry);
	assert_string_equal(entry.path, path);
	assert_string_equal(entry.link, path);
	assert_int_equal(entry.mtime, 1600000000);
	assert_int_equal(entry.mtime_ns, 123456789);
	assert_int_equal(tar_next(tar, &entry), 0);
	assert_string_equal(entry.path, "next");
	assert_int_equal(entry.mtime, 1700000000);

	// pax first, the long name behind it: both are of the file
	buf = archive();
	tar_add_pax(&buf, "uid", "3000000000");
	add_long(&buf, 'L', path);
	tar_add(&buf, '0', "short", "", "1");
	tar = first(tar_end(&buf), &entry);
	assert_string_equal(entry.path, path);
	assert_int_equal(entry.uid, 3000000000);
	assert_content(tar, &entry, "1");

	buf = archive();
	tar_add_pax(&buf, "path", "one");
	add_long(&buf, 'L', "another");
	tar_add(&buf, '0', "short", "", "");
	assert_string_equal(words_of(tar_end(&buf)),
			    "tar at byte 2048: two long names for one entry");
	buf = archive();
	add_long(&buf, 'L', path);
	add_long(&buf, 'L', path);
	assert_string_equal(words_of(tar_end(&buf)),
			    "tar at byte 1024: a second header of its kind before one entry");
	buf = archive();
	char header[512];
	tar_header(header, 'L', 0644, "", "", 5000);
	buf_add(&buf, header, 512);
	assert_string_equal(words_of(tar_end(&buf)), "tar at byte 0: a name of 5000 bytes");
	buf = archive();
	tar_header(header, 'L', 0644, "", "", 5);
	buf_add(&buf, header, 512);
	tar_add_bytes(&buf, "a\0b\0\0", 5);
	assert_string_equal(words_of(tar_end(&buf)), "tar at byte 0: a long name that is none");
}

static void pax_says_more_than_headers(void **state unused_)
{
	struct buf buf = archive();
	struct buf records = buf_new(&arena, 1 << 20);
	struct tar_entry entry;
	tar_record(&records, "path", "right", 5);
	tar_record(&records, "size", "3", 1);
	tar_add_records(&buf, 'x', &records);
	tar_add_sized(&buf, '0', "wrong", "", "abc", 0);
	tar_add_pax(&buf, "mtime", "-5.5");
	tar_add(&buf, '0', "neg", "", "3");
	tar_add_pax(&buf, "path", "\xc3\xa9\n=x");
	tar_add(&buf, '0', "u", "", "4");
	tar_add_pax(&buf, "mtime", "-0.25");
	tar_add(&buf, '0', "neg", "", "");
	struct tar *tar = first(tar_end(&buf), &entry);
	assert_string_equal(entry.path, "right");
	assert_content(tar, &entry, "abc");
	assert_int_equal(tar_next(tar, &entry), 0);
	assert_int_equal(entry.mtime, -6);
	assert_int_equal(entry.mtime_ns, 500000000);
	assert_int_equal(tar_next(tar, &entry), 0);
	assert_string_equal(entry.path, "\xc3\xa9\n=x");
	assert_content(tar, &entry, "4");
	assert_int_equal(tar_next(tar, &entry), 0);
	assert_int_equal(entry.mtime, -1);
	assert_int_equal(entry.mtime_ns, 750000000);
	assert_int_equal(tar_next(tar, &entry), TAR_END);

	char part[300];
	memset(part, 'a', sizeof(part));
	part[256] = '\0';
	buf = archive();
	tar_add_pax(&buf, "path", part);
	tar_add(&buf, '0', "a", "", "");
	assert_non_null(strstr(words_of(tar_end(&buf)), "aaaa': File name too long"));
	char *endless = arena_alloc(&arena, 5001, 1);
	for (int i = 0; i < 5000; i++)
		endless[i] = i % 100 ? 'a' : '/';
	buf = archive();
	tar_add_pax(&buf, "path", endless);
	tar_add(&buf, '0', "a", "", "");
	assert_non_null(strstr(words_of(tar_end(&buf)), "aaaa': File name too long"));
	buf = archive();
	records = buf_new(&arena, 1 << 22);
	tar_record(&records, "comment", arena_alloc(&arena, TAR_PAX_MAX, 1), TAR_PAX_MAX);
	buf = buf_new(&arena, 1 << 22);
	tar_add_records(&buf, 'x', &records);
	assert_string_equal(words_of(tar_end(&buf)),
			    "tar at byte 0: more than 1048576 bytes of pax records");
}

static void global_headers_are_of_all_entries(void **state unused_)
{
	struct buf buf = archive();
	struct buf records = buf_new(&arena, 1 << 20);
	struct tar_entry entry;
	tar_record(&records, "comment", "0123456789", 10);
	tar_record(&records, "uid", "77", 2);
	tar_record(&records, "SCHILY.xattr.user.x", "all", 3);
	tar_add_records(&buf, 'g', &records);
	tar_add(&buf, '0', "a", "", "1");
	tar_add_pax(&buf, "uid", "78");
	tar_add(&buf, '0', "b", "", "2");
	tar_add_pax(&buf, "SCHILY.xattr.user.x", "one");
	tar_add(&buf, '0', "c", "", "3");
	tar_add(&buf, '0', "d", "", "4");
	struct tar *tar = first(tar_end(&buf), &entry);
	static const struct {
		const char *path;
		uint32_t uid;
		const char *x;
	} wanted[] = {{"a", 77, "all"}, {"b", 78, "all"}, {"c", 77, "one"}, {"d", 77, "all"}};
	for (size_t i = 0; i < lengthof(wanted); i++) {
		if (i)
			assert_int_equal(tar_next(tar, &entry), 0);
		assert_string_equal(entry.path, wanted[i].path);
		assert_int_equal(entry.uid, wanted[i].uid);
		assert_int_equal(entry.xattrs_n, 1);
		assert_true(str_is(entry.xattrs[0].name, "user.x"));
		assert_true(str_is(entry.xattrs[0].value, wanted[i].x));
	}
	assert_int_equal(tar_next(tar, &entry), TAR_END);
}

static void extended_attributes_are_read(void **state unused_)
{
	struct buf buf = archive();
	struct buf records = buf_new(&arena, 1 << 20);
	struct tar_entry entry;
	tar_record(&records, "SCHILY.xattr.user.bin", "\0\1\n", 3);
	tar_record(&records, "LIBARCHIVE.xattr.user.b%69n", "AAEK", 4);
	tar_record(&records, "LIBARCHIVE.xattr.user.only", "eHk=", 4);
	tar_record(&records, "SCHILY.xattr.user.none", "", 0);
	tar_record(&records, "SCHILY.acl.access", "user::rw-", 9);
	tar_record(&records, "APK-TOOLS.checksum.SHA1", "00", 2);
	tar_add_records(&buf, 'x', &records);
	tar_add(&buf, '0', "a", "", "");
	tar_add(&buf, '0', "b", "", "");
	struct tar *tar = first(tar_end(&buf), &entry);
	assert_int_equal(entry.xattrs_n, 3);
	assert_true(str_is(entry.xattrs[0].name, "user.bin"));
	assert_int_equal(entry.xattrs[0].value.n, 3);
	assert_memory_equal(entry.xattrs[0].value.p, "\0\1\n", 3);
	assert_true(str_is(entry.xattrs[1].name, "user.only"));
	assert_true(str_is(entry.xattrs[1].value, "xy"));
	assert_int_equal(entry.xattrs[2].value.n, 0);
	assert_int_equal(entry.left_out, 1);
	assert_int_equal(tar_next(tar, &entry), 0);
	assert_int_equal(entry.xattrs_n, 0);
	assert_int_equal(entry.left_out, 0);

	static const char *const bad[] = {"A", "AAE", "AAE*", "AAF=AA"};
	for (size_t i = 0; i < lengthof(bad); i++) {
		buf = archive();
		tar_add_pax(&buf, "LIBARCHIVE.xattr.user.x", bad[i]);
		tar_add(&buf, '0', "a", "", "");
		if (i == 1) // without its "=", but whole
			continue;
		assert_string_equal(words_of(tar_end(&buf)),
				    "tar at byte 0: pax key 'LIBARCHIVE.xattr.user.x': bad value");
	}
	buf = archive();
	records = buf_new(&arena, 1 << 20);
	tar_record(&records, "SCHILY.xattr.user.x", "one", 3);
	tar_record(&records, "LIBARCHIVE.xattr.user.x", "eHk=", 4);
	tar_add_records(&buf, 'x', &records);
	assert_string_equal(words_of(tar_end(&buf)),
			    "tar at byte 0: pax key 'LIBARCHIVE.xattr.user.x' is there twice");
	buf = archive();
	records = buf_new(&arena, 1 << 20);
	for (int i = 0; i <= TAR_XATTRS_MAX; i++)
		tar_record(&records, arena_printf(&arena, "SCHILY.xattr.user.%d", i), "", 0);
	tar_add_records(&buf, 'x', &records);
	assert_string_equal(words_of(tar_end(&buf)),
			    "tar at byte 0: pax key 'SCHILY.xattr.user.64': more than is taken");
}

// Of a hard link's size there are two readings, of which the archive allows one.
static void hard_links_may_bring_content(void **state unused_)
{
	struct buf buf = archive();
	struct tar_entry entry;
	tar_add(&buf, '0', "a", "", "some content");
	tar_add_sized(&buf, '1', "size", "a", "", 12);
	tar_add(&buf, '1', "content", "a", "some content");
	tar_add(&buf, '0', "b", "", "more");
	struct tar *tar = first(tar_end(&buf), &entry);
	static const char *const paths[] = {"size", "content", "b"};
	for (size_t i = 0; i < lengthof(paths); i++) {
		assert_int_equal(tar_next(tar, &entry), 0);
		assert_string_equal(entry.path, paths[i]);
	}
	assert_content(tar, &entry, "more");
	assert_int_equal(tar_next(tar, &entry), TAR_END);
	assert_int_equal(fault_last()->error, 0);

	buf = archive(); // at the end as well
	tar_add_sized(&buf, '1', "size", "a", "", 12);
	assert_string_equal(words_of(tar_end(&buf)), "");
}

static struct str holes(void)
{
	char *wanted = arena_alloc(&arena, 5000, 1);
	memcpy(wanted + 1000, "one", 3);
	memcpy(wanted + 2000, "and two", 7);
	return (struct str){wanted, 5000};
}

static void assert_holes(struct buf *buf)
{
	struct str wanted = holes();
	struct tar_entry entry;
	tar_add(buf, '0', "next", "", "n");
	struct tar *tar = first(tar_end(buf), &entry);
	assert_string_equal(entry.path, "sparse");
	assert_int_equal(entry.size, 5000);
	assert_int_equal(entry.stored, 10);
	assert_memory_equal(content_of(tar, &entry).p, wanted.p, 5000);
	assert_int_equal(tar_next(tar, &entry), 0);
	assert_string_equal(entry.path, "next");
	assert_content(tar, &entry, "n");
}

static void sparse_records(struct buf *buf, const char *const *pairs, char type, const char *path,
			   const char *content, size_t n)
{
	struct buf records = buf_new(&arena, 1 << 20);
	char header[512];
	for (; *pairs; pairs += 2)
		tar_record(&records, pairs[0], pairs[1], strlen(pairs[1]));
	tar_add_records(buf, 'x', &records);
	tar_header(header, type, 0644, path, "", n);
	buf_add(buf, header, 512);
	tar_add_bytes(buf, content, n);
}

static void sparse_files_of_pax_are_read(void **state unused_)
{
	static const char *const v00[] = {"GNU.sparse.size",
					  "5000",
					  "GNU.sparse.numblocks",
					  "3",
					  "GNU.sparse.offset",
					  "1000",
					  "GNU.sparse.numbytes",
					  "3",
					  "GNU.sparse.offset",
					  "2000",
					  "GNU.sparse.numbytes",
					  "7",
					  "GNU.sparse.offset",
					  "5000",
					  "GNU.sparse.numbytes",
					  "0",
					  NULL};
	static const char *const v01[] = {"GNU.sparse.name",
					  "sparse",
					  "GNU.sparse.size",
					  "5000",
					  "GNU.sparse.numblocks",
					  "2",
					  "GNU.sparse.map",
					  "1000,3,2000,7",
					  NULL};
	static const char *const v10[] = {"GNU.sparse.major",
					  "1",
					  "GNU.sparse.minor",
					  "0",
					  "GNU.sparse.name",
					  "sparse",
					  "GNU.sparse.realsize",
					  "5000",
					  NULL};
	struct buf buf = archive();
	sparse_records(&buf, v00, '0', "sparse", "oneand two", 10);
	assert_holes(&buf);
	buf = archive();
	sparse_records(&buf, v01, '0', "GNUSparseFile.1/sparse", "oneand two", 10);
	assert_holes(&buf);
	buf = archive();
	char content[1024 + 10] = "2\n1000\n3\n2000\n7\n";
	memcpy(content + 512, "oneand two", 10);
	sparse_records(&buf, v10, '0', "GNUSparseFile.1/sparse", content, 522);
	assert_holes(&buf);

	// The same with a map of two blocks.
	memset(content, '\0', sizeof(content));
	size_t n = (size_t)snprintf(content, 600, "150\n1000\n3\n2000\n7\n");
	for (int i = 2; i < 150; i++)
		n += (size_t)snprintf(content + n, 600 + 64 - n, i % 2 ? "9\n0\n" : "9\n0\n");
	assert_true(n > 512 && n < 1024);
	memcpy(content + 1024, "oneand two", 10);
	buf = archive();
	sparse_records(&buf, v10, '0', "x", content, 1034);
	assert_string_equal(words_of(tar_end(&buf)),
			    "tar entry 'sparse': a broken map of its holes"); // it goes back to 9
	for (char *at = content; (at = strstr(at, "\n9\n"));)
		memcpy(at, "\n5\n", 3);
	n = (size_t)snprintf(content, 600, "150\n");
	for (int i = 2; i < 150; i++)
		n += (size_t)snprintf(content + n, 1000 - n, "9\n0\n");
	memset(content + n, 0, 1024 - n);
	memcpy(content + n, "1000\n3\n2000\n7\n", 14);
	buf = archive();
	sparse_records(&buf, v10, '0', "x", content, 1034);
	assert_holes(&buf);
}

static void sparse_files_of_gnu_tar_are_read(void **state unused_)
{
	struct buf buf = archive();
	char header[512];
	tar_header(header, 'S', 0644, "sparse", "", 10);
	memcpy(header + 257, "ustar  \0", 8);
	for (size_t i = 0; i < 4; i++) { // empty ones first
		tar_octal(header + 386 + 24 * i, 12, i);
		tar_octal(header + 386 + 24 * i + 12, 12, 0);
	}
	header[482] = 1;
	tar_octal(header + 483, 12, 5000);
	tar_sum(header);
	buf_add(&buf, header, 512);
	for (int more = 0; more < 2; more++) {
		memset(header, 0, sizeof(header));
		for (size_t i = 0; i < (more ? 1 : 21); i++) {
			unsigned long at = more ? 2000 : i == 20 ? 1000 : 10 + i;
			tar_octal(header + 24 * i, 12, at);
			tar_octal(header + 24 * i + 12, 12, more ? 7 : i == 20 ? 3 : 0);
		}
		header[504] = !more;
		buf_add(&buf, header, 512);
	}
	tar_add_bytes(&buf, "oneand two", 10);
	assert_holes(&buf);
}

static void broken_maps_are_refused(void **state unused_)
{
	static const char *const maps[] = {
		"1000,3,2000,6",                // shorter than the content
		"1000,3,2000,8",                // longer
		"1000,3,1002,7",                // one over the other
		"2000,7,1000,3",                // backwards
		"1000,3,4994,7",                // behind the end
		"1000,3,9223372036854775807,7", // far behind
		"1000,3,2000",                  // half of one
		"1000,3,2000,-7",
		"1000,3,,7",
		"x,3,2000,7",
		"",
	};
	for (size_t i = 0; i < lengthof(maps); i++) {
		const char *const pairs[] = {"GNU.sparse.size", "5000", "GNU.sparse.map", maps[i],
					     NULL};
		struct buf buf = archive();
		sparse_records(&buf, pairs, '0', "a", "oneand two", 10);
		const char *words = words_of(tar_end(&buf));
		assert_string_equal(words, *maps[i] ? "tar entry 'a': a broken map of its holes"
						    : "tar at byte 0: pax key 'GNU.sparse.map': "
						      "bad value");
	}
	static const char *const others[][7] = {
		{"GNU.sparse.map", "0,10"},
		{"GNU.sparse.offset", "0", "GNU.sparse.size", "10"},
		{"GNU.sparse.size", "10", "GNU.sparse.map", "0,10", "GNU.sparse.numblocks", "2"},
		{"GNU.sparse.size", "10", "GNU.sparse.major", "1"},
		{"GNU.sparse.size", "10"},
	};
	for (size_t i = 0; i < lengthof(others); i++) {
		struct buf buf = archive();
		sparse_records(&buf, others[i], '0', "a", "oneand two", 10);
		assert_string_equal(words_of(tar_end(&buf)),
				    "tar entry 'a': a broken map of its holes");
	}
	static const char *const version[] = {
		"GNU.sparse.size", "10", "GNU.sparse.major", "2", "GNU.sparse.minor", "0", NULL};
	struct buf buf = archive();
	sparse_records(&buf, version, '0', "a", "oneand two", 10);
	assert_string_equal(words_of(tar_end(&buf)), "tar entry 'a': version 2.0 of sparse files");
	static const char *const directory[] = {"GNU.sparse.size", "10", NULL};
	buf = archive();
	sparse_records(&buf, directory, '5', "a", "", 0);
	assert_string_equal(words_of(tar_end(&buf)), "tar entry 'a': content without a file");
}

// Where an archive ends between entries it is whole, as GNU tar has it.
static void what_is_cut_off_is_refused(void **state unused_)
{
	struct buf buf = archive();
	tar_add(&buf, '0', "a", "", "some content");
	struct str whole = tar_end(&buf);
	assert_string_equal(words_of(whole), "");
	for (size_t n = 0; n < whole.n; n++) {
		bool good = n == 1024 || n >= 1024 + 512;
		assert_int_equal(!*words_of((struct str){whole.p, n}), good);
	}
	assert_string_equal(words_of((struct str){whole.p, 0}), "tar: it is empty");
	assert_string_equal(words_of((struct str){whole.p, 520}),
			    "tar at byte 0: cut off: 504 bytes are missing");
	assert_string_equal(words_of((struct str){whole.p, 1100}), "tar at byte 1024: cut off");

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
			    "tar at byte 0: cut off: 8589933568 bytes are missing");
	buf = archive();
	tar_add_pax(&buf, "size", "9223372036854775807");
	tar_add(&buf, '0', "a", "", "");
	assert_string_equal(words_of(tar_end(&buf)), "tar entry 'a': its size is beyond all files");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_kinds_are_read),
		cmocka_unit_test(pax_records_come_before_the_header),
		cmocka_unit_test(what_leaves_the_top_is_refused),
		cmocka_unit_test(what_is_not_known_is_refused),
		cmocka_unit_test(older_headers_are_read),
		cmocka_unit_test(devices_and_fifos_are_read),
		cmocka_unit_test(base_256_is_read),
		cmocka_unit_test(gnu_long_names_are_read),
		cmocka_unit_test(pax_says_more_than_headers),
		cmocka_unit_test(global_headers_are_of_all_entries),
		cmocka_unit_test(extended_attributes_are_read),
		cmocka_unit_test(hard_links_may_bring_content),
		cmocka_unit_test(sparse_files_of_pax_are_read),
		cmocka_unit_test(sparse_files_of_gnu_tar_are_read),
		cmocka_unit_test(broken_maps_are_refused),
		cmocka_unit_test(what_is_cut_off_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
