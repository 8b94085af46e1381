// SPDX-License-Identifier: Apache-2.0
// codec.h - what a stream is compressed with, and the stream without that
//
// Only helper programs link this: what starts containers maps no decompressor.
#pragma once

#include "base/arena.h"
#include "flow/stream.h"

enum codec {
	CODEC_NONE, // not compressed, by any magic number that is known
	CODEC_GZIP, // RFC 1952, any number of members
	CODEC_ZSTD, // RFC 8878, any number of frames
};

// What a compressed stream may become. A bomb is small and grows without end: ten GiB of zeros are
// ten MiB of gzip, and some hundred KiB of zstd. Real layers grow three- to tenfold; much more in
// places, and so it counts only from a size on that does no harm.
enum {
	CODEC_RATIO_MAX = 200,      // bytes out for each byte in
	CODEC_RATIO_FROM = 1 << 30, // bytes out before the ratio counts
	CODEC_ZSTD_WINDOW_LOG = 27, // 128 MiB of memory, what zstd itself takes unasked
};

// Tells by its first bytes what the stream is compressed with, and gives the stream of what is in
// it: `source` itself for CODEC_NONE. Compression that is known and not read (xz, bzip2, lz4) is
// an error that names it.
//
// What follows the last member or frame may be zeros, with which some tools fill up; anything else
// is an error, and so is a stream that is cut off or whose checksum is wrong.
int codec_open(struct arena *arena, struct stream *source, enum codec *ret_codec,
	       struct stream **ret_stream);
