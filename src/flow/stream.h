// SPDX-License-Identifier: Apache-2.0
// stream.h - bytes that come one after the other, pulled by whoever needs them
//
// A stream is a source (memory, a descriptor) or something that changes or watches another stream
// (a decompressor, a tap). Whoever holds the last one pulls, and each pulls from the one before.
//
// Errors stick: once a stream failed, every call returns that same error, and the words of it were
// recorded (base/fail.h). So a chain of calls may be checked once, at its end.
//
// Bytes are handed on as slices of the source's own memory wherever that is possible: reading an
// archive that lies in memory copies nothing and touches no page that is passed over.
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum { STREAM_PIECE = 1 << 17 }; // bytes that a source reads at a time

struct stream {
	// Gives the next bytes, valid until it is called again; none at the end. Returns 0 or an
	// error, worded.
	int (*more)(struct stream *stream, struct str *ret_bytes);
	struct str ready; // what `more` gave and nobody took yet
	uint64_t taken;   // bytes that were taken or passed over, in all
	int error;        // the first one, which stays
	bool ended;       // `more` has no more
};

// Bytes in memory. They come as one slice.
struct stream *stream_memory(struct arena *arena, struct str bytes);

// What read(2) gives for a descriptor, which stays the caller's. `name` is for messages. Waits
// until a whole piece is there, or the end.
struct stream *stream_fd(struct arena *arena, int fd, const char *name);

// The same bytes as `source`, each slice shown to `look` once, in order, when it is pulled: to hash
// or to copy them. An error that `look` returns is the stream's.
struct stream *stream_tap(struct arena *arena, struct stream *source,
			  int (*look)(void *context, struct str bytes), void *context);

// Shows the bytes that come next without taking them: at least one, and all that lie ready; none at
// the end. The first look at a file or at memory shows STREAM_PIECE bytes if there are so many.
int stream_peek(struct stream *stream, struct str *ret_bytes);

// Takes at most `most` of the bytes that lie ready; none at the end. The slice is valid until the
// next call for this stream.
int stream_take(struct stream *stream, size_t most, struct str *ret_bytes);

// Takes `n` bytes, fewer only at the end, in one slice: where they lie, or copied to `room`, which
// must hold `n` bytes.
int stream_block(struct stream *stream, char *room, size_t n, struct str *ret_bytes);

// Passes over `n` bytes; *ret_passed is less only when the stream ended before.
int stream_skip(struct stream *stream, uint64_t n, uint64_t *ret_passed);

// Passes over all that is left.
int stream_drain(struct stream *stream);
