// SPDX-License-Identifier: Apache-2.0
// test_codec.c - gzip and zstd streams, whole ones, cut ones and bombs
#include "codec/codec.h"

#include "base/buf.h"
#include "base/fail.h"
#include "base/fd.h"

#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>
#include <zstd.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static int tear_down(void **state unused_)
{
	arena_free(&arena);
	return 0;
}

// A source that hands its bytes over `piece` at a time.
struct pieces {
	struct stream stream;
	struct str rest;
	size_t piece;
};

static int pieces_more(struct stream *stream, struct str *ret_bytes)
{
	struct pieces *pieces = (struct pieces *)stream;
	size_t n = min_of(pieces->piece, pieces->rest.n);
	*ret_bytes = (struct str){pieces->rest.p, n};
	pieces->rest = (struct str){pieces->rest.p + n, pieces->rest.n - n};
	return 0;
}

// 300 kB that compress, but not well.
static struct str text(void)
{
	struct buf buf = buf_new(&arena, 1 << 20);
	uint32_t random = 1;
	for (int i = 0; i < 50000; i++) {
		random = random * 1664525 + 1013904223;
		buf_printf(&buf, "%x,", random >> 14);
	}
	return buf_str(&buf);
}

static struct str gzipped(struct str bytes)
{
	struct isal_zstream stream;
	static uint8_t tables[ISAL_DEF_LVL1_DEFAULT];
	size_t room = bytes.n + 4096;
	char *out = arena_alloc(&arena, room, 1);
	isal_deflate_init(&stream);
	stream.level = 1;
	stream.level_buf = tables;
	stream.level_buf_size = sizeof(tables);
	stream.gzip_flag = IGZIP_GZIP;
	stream.end_of_stream = 1;
	stream.next_in = (uint8_t *)(uintptr_t)bytes.p;
	stream.avail_in = (uint32_t)bytes.n;
	stream.next_out = (uint8_t *)out;
	stream.avail_out = (uint32_t)room;
	assert_int_equal(isal_deflate(&stream), COMP_OK);
	return (struct str){out, stream.total_out};
}

static struct str zstded(struct str bytes)
{
	size_t room = ZSTD_compressBound(bytes.n);
	char *out = arena_alloc(&arena, room, 1);
	ZSTD_CCtx *context = ZSTD_createCCtx();
	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	size_t n = ZSTD_compress2(context, out, room, bytes.p, bytes.n);
	ZSTD_freeCCtx(context);
	assert_false(ZSTD_isError(n));
	return (struct str){out, n};
}

static struct str joined(struct str a, struct str b)
{
	struct buf buf = buf_new(&arena, 1 << 24);
	buf_add(&buf, a.p, a.n);
	buf_add(&buf, b.p, b.n);
	return buf_str(&buf);
}

static int decoded(struct str bytes, size_t piece, enum codec *ret_codec, struct str *ret_text)
{
	struct pieces pieces = {{.more = pieces_more}, bytes, piece};
	struct buf buf = buf_new(&arena, 1 << 24);
	struct stream *stream;
	struct str got;
	fault_clear();
	TRY(codec_open(&arena, &pieces.stream, ret_codec, &stream));
	do {
		TRY(stream_take(stream, SIZE_MAX, &got));
		buf_add(&buf, got.p, got.n);
	} while (got.n);
	*ret_text = buf_str(&buf);
	return 0;
}

static void assert_decodes(struct str bytes, enum codec wanted, struct str text)
{
	static const size_t pieces[] = {8, 9, 1000, 1 << 17, 1 << 24};
	for (size_t i = 0; i < lengthof(pieces); i++) {
		enum codec codec;
		struct str got;
		assert_int_equal(decoded(bytes, pieces[i], &codec, &got), 0);
		assert_int_equal(codec, wanted);
		assert_int_equal(got.n, text.n);
		assert_memory_equal(got.p, text.p, text.n);
	}
}

static void what_was_compressed_comes_back(void **state unused_)
{
	struct str plain = text();
	assert_decodes(plain, CODEC_NONE, plain);
	assert_decodes(STR(""), CODEC_NONE, STR(""));
	assert_decodes(gzipped(plain), CODEC_GZIP, plain);
	assert_decodes(zstded(plain), CODEC_ZSTD, plain);
	assert_decodes(gzipped(STR("")), CODEC_GZIP, STR(""));
	assert_decodes(zstded(STR("")), CODEC_ZSTD, STR(""));
}

// The end of a member or frame is not the end of all.
static void members_and_frames_go_on(void **state unused_)
{
	struct str plain = text(), twice = joined(plain, plain), empty = STR("");
	struct str skipped = {"\x50\x2a\x4d\x18\x03\0\0\0abc", 11};
	struct str gzip = gzipped(plain), zstd = zstded(plain);
	assert_decodes(joined(gzip, gzip), CODEC_GZIP, twice);
	assert_decodes(joined(gzip, joined(gzipped(empty), gzip)), CODEC_GZIP, twice);
	assert_decodes(joined(zstd, zstd), CODEC_ZSTD, twice);
	assert_decodes(joined(skipped, joined(zstd, joined(skipped, zstd))), CODEC_ZSTD, twice);
	for (size_t n = 0; n < 40; n++) { // many small ones, in every alignment
		struct str many = empty, whole = empty;
		for (size_t i = 0; i < 30; i++) {
			struct str some = {plain.p, n + i};
			many = joined(many, gzipped(some));
			whole = joined(whole, some);
		}
		assert_decodes(many, CODEC_GZIP, whole);
	}
}

static void only_zeros_may_follow(void **state unused_)
{
	static const char zeros[1000];
	struct str plain = text(), garbage = STR("\0\0\0x");
	struct str all[] = {gzipped(plain), zstded(plain)};
	static const char *const words[] = {"gzip: something follows its end",
					    "zstd: something follows its end"};
	for (size_t i = 0; i < lengthof(all); i++) {
		enum codec codec;
		struct str got;
		assert_decodes(joined(all[i], (struct str){zeros, 1000}),
			       i ? CODEC_ZSTD : CODEC_GZIP, plain);
		for (size_t piece = 8; piece < 1 << 20; piece *= 3) {
			assert_true(decoded(joined(all[i], garbage), piece, &codec, &got) < 0);
			assert_string_equal(fault_last()->text, words[i]);
		}
		assert_true(decoded(joined(all[i], STR("garbage, no header")), 99, &codec, &got) <
			    0);
		if (i == 0)
			assert_string_equal(fault_last()->text, words[i]);
	}
}

static void what_is_cut_or_broken_is_refused(void **state unused_)
{
	struct str all[] = {gzipped(STR("some text, some text")), zstded(STR("some text"))};
	struct str large[] = {gzipped(text()), zstded(text())};
	static const char *const cut[] = {"gzip: cut off", "zstd: cut off"};
	for (size_t i = 0; i < lengthof(all); i++) {
		enum codec codec;
		struct str got;
		for (size_t n = 5; n < all[i].n; n++) {
			assert_true(decoded((struct str){all[i].p, n}, 8, &codec, &got) < 0);
			assert_string_equal(fault_last()->text, cut[i]);
		}
		for (size_t n = 5; n < large[i].n; n += 1999)
			assert_true(decoded((struct str){large[i].p, n}, 1 << 17, &codec, &got) <
				    0);
		char *broken = arena_dup_n(&arena, large[i].p, large[i].n);
		broken[large[i].n / 2] ^= 1;
		assert_true(decoded((struct str){broken, large[i].n}, 1 << 17, &codec, &got) < 0);
	}
	char *sum = arena_dup_n(&arena, all[0].p, all[0].n);
	enum codec codec;
	struct str got;
	sum[all[0].n - 8] ^= 1;
	assert_true(decoded((struct str){sum, all[0].n}, 1 << 17, &codec, &got) < 0);
	assert_string_equal(fault_last()->text, "gzip: wrong checksum");
}

static void other_formats_are_named(void **state unused_)
{
	static const struct {
		struct str bytes;
		const char *words;
	} cases[] = {
		{{"\xfd"
		  "7zXZ\0",
		  6},
		 "layer: it is compressed with xz"},
		{{"BZh91AY", 7}, "layer: it is compressed with bzip2"},
		{{"\x04\x22\x4d\x18", 4}, "layer: it is compressed with lz4"},
		{{"PK\x03\x04", 4}, "layer: it is compressed with zip"},
	};
	for (size_t i = 0; i < lengthof(cases); i++) {
		enum codec codec;
		struct str got;
		assert_int_equal(decoded(cases[i].bytes, 100, &codec, &got), -ENOTSUP);
		assert_string_equal(fault_last()->text, cases[i].words);
	}
}

// A frame's header alone makes a decompressor take memory.
static void a_wide_window_is_refused(void **state unused_)
{
	static const char plain[100000];
	ZSTD_CCtx *context = ZSTD_createCCtx();
	enum codec codec;
	char out[4096];
	ZSTD_inBuffer in = {plain, sizeof(plain), 0};
	for (int log = 27; log <= 28; log++) {
		ZSTD_outBuffer written = {out, sizeof(out), 0};
		struct str got;
		in.pos = 0;
		ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters);
		ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, log);
		assert_false(
			ZSTD_isError(ZSTD_compressStream2(context, &written, &in, ZSTD_e_flush)));
		assert_int_equal(ZSTD_compressStream2(context, &written, &in, ZSTD_e_end), 0);
		int result = decoded((struct str){out, written.pos}, 100, &codec, &got);
		assert_int_equal(result, log == 27 ? 0 : -EFBIG);
	}
	assert_string_equal(fault_last()->text, "zstd: it wants a window of more than 128 MiB");
	ZSTD_freeCCtx(context);
}

// Members of zeros, again and again: a source without an end.
struct bomb {
	struct stream stream;
	struct str member;
};

static int bomb_more(struct stream *stream, struct str *ret_bytes)
{
	*ret_bytes = ((struct bomb *)stream)->member;
	return 0;
}

static void a_bomb_is_stopped(void **state unused_)
{
	size_t n = 16 << 20;
	struct str zeros = {arena_alloc(&arena, n, 1), n};
	struct str members[] = {gzipped(zeros), zstded(zeros)};
	for (size_t i = 0; i < lengthof(members); i++) {
		struct bomb bomb = {{.more = bomb_more}, members[i]};
		struct stream *stream;
		enum codec codec;
		assert_int_equal(codec_open(&arena, &bomb.stream, &codec, &stream), 0);
		assert_int_equal(stream_drain(stream), -EFBIG);
		assert_true(stream->taken <= (uint64_t)CODEC_RATIO_FROM + STREAM_PIECE);
		assert_non_null(strstr(fault_last()->text, "over 200 times as much"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_compressed_comes_back),
		cmocka_unit_test(members_and_frames_go_on),
		cmocka_unit_test(only_zeros_may_follow),
		cmocka_unit_test(what_is_cut_or_broken_is_refused),
		cmocka_unit_test(other_formats_are_named),
		cmocka_unit_test(a_wide_window_is_refused),
		cmocka_unit_test(a_bomb_is_stopped),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
