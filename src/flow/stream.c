// SPDX-License-Identifier: Apache-2.0
// stream.c - bytes that come one after the other, pulled by whoever needs them
//
// Each kind of stream is a struct that begins with `struct stream`; `more` knows what it is part
// of. Everything else is done on the slice that lies ready, the same for all kinds.
#include "flow/stream.h"

#include "base/fail.h"

#include <unistd.h>

int stream_peek(struct stream *stream, struct str *ret_bytes)
{
	if (stream->error)
		return stream->error;
	if (!stream->ready.n && !stream->ended) {
		int error = stream->more(stream, &stream->ready);
		if (error) {
			stream->ready = (struct str){0};
			return stream->error = error;
		}
		stream->ended = !stream->ready.n;
	}
	*ret_bytes = stream->ready;
	return 0;
}

int stream_take(struct stream *stream, size_t most, struct str *ret_bytes)
{
	struct str bytes;
	TRY(stream_peek(stream, &bytes));
	bytes.n = min_of(bytes.n, most);
	if (bytes.n)
		stream->ready = (struct str){bytes.p + bytes.n, stream->ready.n - bytes.n};
	stream->taken += bytes.n;
	*ret_bytes = bytes;
	return 0;
}

int stream_block(struct stream *stream, char *room, size_t n, struct str *ret_bytes)
{
	struct str bytes;
	TRY(stream_take(stream, n, &bytes));
	if (bytes.n == n || !bytes.n) {
		*ret_bytes = bytes;
		return 0;
	}
	size_t have = 0;
	while (bytes.n) {
		memcpy(room + have, bytes.p, bytes.n);
		have += bytes.n;
		if (have == n)
			break;
		TRY(stream_take(stream, n - have, &bytes));
	}
	*ret_bytes = (struct str){room, have};
	return 0;
}

int stream_skip(struct stream *stream, uint64_t n, uint64_t *ret_passed)
{
	uint64_t passed = 0;
	while (passed < n) {
		struct str bytes;
		TRY(stream_take(stream, (size_t)min_of(n - passed, SIZE_MAX), &bytes));
		if (!bytes.n)
			break;
		passed += bytes.n;
	}
	*ret_passed = passed;
	return 0;
}

int stream_drain(struct stream *stream)
{
	uint64_t passed;
	return stream_skip(stream, UINT64_MAX, &passed);
}

struct memory {
	struct stream stream;
	struct str bytes; // not given yet
};

static int memory_more(struct stream *stream, struct str *ret_bytes)
{
	struct memory *memory = (struct memory *)stream;
	*ret_bytes = memory->bytes;
	memory->bytes = (struct str){0};
	return 0;
}

struct stream *stream_memory(struct arena *arena, struct str bytes)
{
	struct memory *memory = arena_new(arena, struct memory);
	memory->stream.more = memory_more;
	memory->bytes = bytes;
	return &memory->stream;
}

struct file {
	struct stream stream;
	int fd;
	const char *name; // for messages
	char room[STREAM_PIECE];
};

static int file_more(struct stream *stream, struct str *ret_bytes)
{
	struct file *file = (struct file *)stream;
	size_t n = 0;
	while (n < sizeof(file->room)) {
		ssize_t got = read(file->fd, file->room + n, sizeof(file->room) - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail_sys(-errno, "read '%s'", file->name);
		if (got == 0)
			break;
		n += (size_t)got;
	}
	*ret_bytes = (struct str){file->room, n};
	return 0;
}

struct stream *stream_fd(struct arena *arena, int fd, const char *name)
{
	struct file *file = arena_new(arena, struct file);
	file->stream.more = file_more;
	file->fd = fd;
	file->name = name;
	return &file->stream;
}

struct tap {
	struct stream stream;
	struct stream *source;
	int (*look)(void *context, struct str bytes);
	void *context; // what `look` is given
};

static int tap_more(struct stream *stream, struct str *ret_bytes)
{
	struct tap *tap = (struct tap *)stream;
	struct str bytes;
	TRY(stream_take(tap->source, SIZE_MAX, &bytes));
	if (bytes.n)
		TRY(tap->look(tap->context, bytes));
	*ret_bytes = bytes;
	return 0;
}

struct stream *stream_tap(struct arena *arena, struct stream *source,
			  int (*look)(void *context, struct str bytes), void *context)
{
	struct tap *tap = arena_new(arena, struct tap);
	tap->stream.more = tap_more;
	tap->source = source;
	tap->look = look;
	tap->context = context;
	return &tap->stream;
}
