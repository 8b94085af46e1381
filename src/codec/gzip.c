// SPDX-License-Identifier: Apache-2.0
// gzip.c - a gzip stream, decompressed
//
// A gzip file is a run of members, each with a header, deflated bytes and a checksum; parallel
// compressors and appending tools write many. ISA-L stops at the end of each: whoever takes that
// for the end of all silently cuts the layer.
//
// ISA-L never reads past a member's end: what it holds in advance is at most eight bytes, and with
// eight bytes of checksum and size each member ends. So the next one begins at its next_in.
#include "codec/inflated.h"

#include "base/fail.h"

#include <isa-l/igzip_lib.h>

struct gzip {
	struct inflated inflated;
	struct inflate_state state;
	uint64_t members; // that were read to their end
	bool done;        // behind the last one
};

static const char *words(const struct gzip *gzip, int error)
{
	switch (error) {
	case ISAL_INVALID_WRAPPER:
		return gzip->members ? "something follows its end" : "no header, or a broken one";
	case ISAL_UNSUPPORTED_METHOD:
		return "another method than deflate";
	case ISAL_INCORRECT_CHECKSUM:
		return "wrong checksum";
	default:
		return "broken data";
	}
}

static void begin_member(struct gzip *gzip)
{
	uint8_t *next_in = gzip->state.next_in;
	uint32_t avail_in = gzip->state.avail_in;
	isal_inflate_reset(&gzip->state);
	gzip->state.crc_flag = ISAL_GZIP;
	gzip->state.next_in = next_in;
	gzip->state.avail_in = avail_in;
	gzip->members++;
}

// Gets more to read when there is nothing left of the last. Tells whether there is something.
static int feed(struct gzip *gzip, bool *ret_any)
{
	struct str bytes;
	if (!gzip->state.avail_in) {
		TRY(stream_take(gzip->inflated.source, STREAM_PIECE, &bytes));
		gzip->state.next_in = (uint8_t *)(uintptr_t)bytes.p; // only read
		gzip->state.avail_in = (uint32_t)bytes.n;
	}
	*ret_any = gzip->state.avail_in > 0;
	return 0;
}

// Between members: goes to the next one, or sees to it that none follows.
static int next_member(struct gzip *gzip)
{
	bool any;
	begin_member(gzip);
	TRY(feed(gzip, &any));
	if (any && *gzip->state.next_in)
		return 0; // its header is checked when it is read
	for (; gzip->state.avail_in; gzip->state.avail_in--) {
		if (*gzip->state.next_in++)
			return fail(-EINVAL, "gzip: something follows its end");
	}
	gzip->done = true;
	return inflated_end(&gzip->inflated, "gzip");
}

// Without more to read there may still be something to write.
static int inflate_some(struct gzip *gzip)
{
	bool any;
	const uint8_t *out = gzip->state.next_out;
	TRY(feed(gzip, &any));
	int result = isal_inflate(&gzip->state);
	if (result != ISAL_DECOMP_OK && result != ISAL_END_INPUT)
		return fail(-EINVAL, "gzip: %s", words(gzip, result));
	if (gzip->state.block_state == ISAL_BLOCK_FINISH)
		return next_member(gzip);
	if (!any && gzip->state.next_out == out)
		return fail(-EINVAL, "gzip: cut off");
	return 0;
}

static int gzip_more(struct stream *stream, struct str *ret_bytes)
{
	struct gzip *gzip = (struct gzip *)stream;
	char *room = gzip->inflated.room;
	size_t n = 0;
	while (!gzip->done && n < STREAM_PIECE / 2) {
		gzip->state.next_out = (uint8_t *)room + n;
		gzip->state.avail_out = (uint32_t)(STREAM_PIECE - n);
		TRY(inflate_some(gzip));
		n = (size_t)(gzip->state.next_out - (uint8_t *)room);
	}
	TRY(inflated_count(&gzip->inflated, "gzip", n));
	*ret_bytes = (struct str){room, n};
	return 0;
}

struct stream *gzip_open(struct arena *arena, struct stream *source)
{
	struct gzip *gzip = arena_new(arena, struct gzip);
	gzip->inflated.stream.more = gzip_more;
	gzip->inflated.source = source;
	gzip->inflated.began = source->taken;
	isal_inflate_init(&gzip->state);
	gzip->state.crc_flag = ISAL_GZIP;
	return &gzip->inflated.stream;
}
