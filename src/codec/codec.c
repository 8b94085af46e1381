// SPDX-License-Identifier: Apache-2.0
// codec.c - what a stream is compressed with, and the stream without that
//
// Media types and file names say what a layer is compressed with, and are wrong now and then. The
// first bytes are what every decompressor looks at, so they decide alone.
#include "codec/codec.h"

#include "base/fail.h"
#include "codec/inflated.h"

struct magic {
	const char *bytes;
	size_t n;
	const char *name; // of what is not read
	enum codec codec;
};

#define MAGIC(text) text, sizeof(text) - 1

static const struct magic magics[] = {
	{MAGIC("\x1f\x8b"), NULL, CODEC_GZIP},
	{MAGIC("\x28\xb5\x2f\xfd"), NULL, CODEC_ZSTD},
	{MAGIC("\xfd"
	       "7zXZ"),
	 "xz", CODEC_NONE},
	{MAGIC("BZh"), "bzip2", CODEC_NONE},
	{MAGIC("\x04\x22\x4d\x18"), "lz4", CODEC_NONE},
	{MAGIC("LZIP"), "lzip", CODEC_NONE},
	{MAGIC("PK\x03\x04"), "zip", CODEC_NONE},
};

// A zstd stream may begin with a skippable frame: sixteen magic numbers.
static bool is_skippable(struct str head)
{
	return head.n >= 4 && ((unsigned char)head.p[0] & 0xf0) == 0x50 &&
	       !memcmp(head.p + 1, "\x2a\x4d\x18", 3);
}

int codec_open(struct arena *arena, struct stream *source, enum codec *ret_codec,
	       struct stream **ret_stream)
{
	struct str head;
	enum codec codec = CODEC_NONE;
	TRY(stream_peek(source, &head));
	if (is_skippable(head))
		codec = CODEC_ZSTD;
	for (size_t i = 0; i < lengthof(magics); i++) {
		const struct magic *magic = &magics[i];
		if (head.n < magic->n || memcmp(head.p, magic->bytes, magic->n))
			continue;
		if (magic->name) {
			fail(-ENOTSUP, "layer: it is compressed with %s", magic->name);
			fail_hint("decompress it first: tar archives are read as they are, with "
				  "gzip or with zstd");
			return -ENOTSUP;
		}
		codec = magic->codec;
	}
	*ret_codec = codec;
	*ret_stream = source;
	if (codec == CODEC_GZIP)
		*ret_stream = gzip_open(arena, source);
	if (codec == CODEC_ZSTD)
		*ret_stream = zstd_open(arena, source);
	return 0;
}

int inflated_count(struct inflated *inflated, const char *format, size_t n)
{
	uint64_t in = inflated->source->taken - inflated->began;
	inflated->made += n;
	if (inflated->made <= CODEC_RATIO_FROM || inflated->made / CODEC_RATIO_MAX <= in)
		return 0;
	fail(-EFBIG, "%s: %llu bytes became more than %llu, over %d times as much", format,
	     (unsigned long long)in, (unsigned long long)inflated->made, CODEC_RATIO_MAX);
	fail_hint("if it is no trap, decompress it yourself and pass the tar");
	return -EFBIG;
}

int inflated_end(struct inflated *inflated, const char *format)
{
	struct str bytes;
	do {
		TRY(stream_take(inflated->source, SIZE_MAX, &bytes));
		for (size_t i = 0; i < bytes.n; i++) {
			if (bytes.p[i])
				return fail(-EINVAL, "%s: something follows its end", format);
		}
	} while (bytes.n);
	return 0;
}
