// SPDX-License-Identifier: Apache-2.0
// inflated.h - what the decompressing streams have in common
#pragma once

#include "base/arena.h"
#include "flow/stream.h"

struct inflated {
	struct stream stream;
	struct stream *source;   // what is compressed
	uint64_t made;           // bytes that came out
	uint64_t began;          // source->taken at the beginning
	char room[STREAM_PIECE]; // where they lie
};

struct stream *gzip_open(struct arena *arena, struct stream *source);
struct stream *zstd_open(struct arena *arena, struct stream *source);

// Counts `n` bytes that came out. Returns 0, or -EFBIG when the stream is a bomb.
int inflated_count(struct inflated *inflated, const char *format, size_t n);

// Reads the rest of the source, of which only zeros are taken.
int inflated_end(struct inflated *inflated, const char *format);
