// SPDX-License-Identifier: Apache-2.0
// zstd.c - a zstd stream, decompressed
//
// A zstd file is a run of frames, some of which a reader skips. The library goes from one to the
// next by itself; what it says after each call is whether a frame is complete. A frame's header
// asks for memory, the window: as much as is said here and no more.
#include "codec/inflated.h"

#include "base/fail.h"
#include "codec/codec.h"

#include <zstd.h>
#include <zstd_errors.h>

struct zstd {
	struct inflated inflated;
	ZSTD_DCtx *context; // freed at the stream's end, whichever way that comes
	ZSTD_inBuffer in;
	bool in_frame; // one has begun and not ended
	bool done;
};

static int broken(size_t code)
{
	if (ZSTD_getErrorCode(code) == ZSTD_error_frameParameter_windowTooLarge) {
		fail(-EFBIG, "zstd: it wants a window of more than %d MiB",
		     1 << (CODEC_ZSTD_WINDOW_LOG - 20));
		fail_hint("compress it without --long and --ultra");
		return -EFBIG;
	}
	return fail(-EINVAL, "zstd: %s", ZSTD_getErrorName(code));
}

static int feed(struct zstd *zstd)
{
	struct str bytes;
	if (zstd->in.pos < zstd->in.size)
		return 0;
	TRY(stream_take(zstd->inflated.source, SIZE_MAX, &bytes));
	zstd->in = (ZSTD_inBuffer){bytes.p, bytes.n, 0};
	return 0;
}

// Between frames: a frame's magic number has no zero at its beginning.
static int between(struct zstd *zstd)
{
	const char *p = zstd->in.src;
	if (zstd->in.pos < zstd->in.size && p[zstd->in.pos])
		return 0;
	for (size_t i = zstd->in.pos; i < zstd->in.size; i++) {
		if (p[i])
			return fail(-EINVAL, "zstd: something follows its end");
	}
	zstd->done = true;
	return inflated_end(&zstd->inflated, "zstd");
}

static int decompress(struct zstd *zstd, ZSTD_outBuffer *ret_out)
{
	ZSTD_outBuffer out = {zstd->inflated.room, STREAM_PIECE, 0};
	while (!zstd->done && out.pos < STREAM_PIECE / 2) {
		TRY(feed(zstd));
		if (!zstd->in_frame)
			TRY(between(zstd));
		if (zstd->done)
			break;
		size_t out_before = out.pos, in_before = zstd->in.pos;
		size_t left = ZSTD_decompressStream(zstd->context, &out, &zstd->in);
		if (ZSTD_isError(left))
			return broken(left);
		if (out.pos == out_before && zstd->in.pos == in_before && !zstd->in.size)
			return fail(-EINVAL, "zstd: cut off");
		zstd->in_frame = left > 0;
	}
	*ret_out = out;
	return inflated_count(&zstd->inflated, "zstd", out.pos);
}

static int zstd_more(struct stream *stream, struct str *ret_bytes)
{
	struct zstd *zstd = (struct zstd *)stream;
	ZSTD_outBuffer out = {0};
	int result = decompress(zstd, &out);
	if (result || zstd->done) {
		ZSTD_freeDCtx(zstd->context);
		zstd->context = NULL;
	}
	TRY(result);
	*ret_bytes = (struct str){zstd->inflated.room, out.pos};
	return 0;
}

struct stream *zstd_open(struct arena *arena, struct stream *source)
{
	struct zstd *zstd = arena_new(arena, struct zstd);
	zstd->inflated.stream.more = zstd_more;
	zstd->inflated.source = source;
	zstd->inflated.began = source->taken;
	zstd->context = ZSTD_createDCtx();
	if (!zstd->context || ZSTD_isError(ZSTD_DCtx_setParameter(
				      zstd->context, ZSTD_d_windowLogMax, CODEC_ZSTD_WINDOW_LOG)))
		abort(); // out of memory
	return &zstd->inflated.stream;
}
