// SPDX-License-Identifier: Apache-2.0
// arena.c - bump allocation out of linked chunks
//
// A chunk is at least 16 KiB, from malloc; a piece larger than that gets a chunk of its own. The
// pointer moves forward only, so an allocation costs an addition and a compare.
#include "base/arena.h"

#include <stdarg.h>
#include <unistd.h>

enum { CHUNK_SIZE = 16 * 1024 };

struct arena_chunk {
	struct arena_chunk *before;
	_Alignas(16) char bytes[];
};

static noreturn_ void out_of_memory(void)
{
	static const char words[] = "tare: out of memory\n";
	ssize_t written unused_ = write(STDERR_FILENO, words, sizeof(words) - 1);
	_exit(125);
}

static void add_chunk(struct arena *arena, size_t wanted)
{
	size_t size = max_of(wanted, (size_t)CHUNK_SIZE - sizeof(struct arena_chunk));
	struct arena_chunk *chunk = calloc(1, sizeof(*chunk) + size);
	if (!chunk)
		out_of_memory();
	chunk->before = arena->chunk;
	arena->chunk = chunk;
	arena->used = 0;
	arena->size = size;
}

void *arena_alloc(struct arena *arena, size_t size, size_t align)
{
	if (size > SIZE_MAX / 2)
		out_of_memory();
	size_t start = (arena->used + align - 1) & ~(align - 1);
	if (!arena->chunk || start > arena->size || size > arena->size - start) {
		add_chunk(arena, size);
		start = 0;
	}
	arena->used = start + size;
	return arena->chunk->bytes + start;
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size, size_t align)
{
	if (size && count > SIZE_MAX / 2 / size)
		out_of_memory();
	return arena_alloc(arena, count * size, align);
}

char *arena_dup_n(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_alloc(arena, length + 1, 1);
	memcpy(copy, text, length);
	return copy;
}

char *arena_dup(struct arena *arena, const char *text)
{
	return arena_dup_n(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list arguments, again;
	va_start(arguments, format);
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	assert(length >= 0);
	char *text = arena_alloc(arena, (size_t)length + 1, 1);
	vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	return text;
}

void arena_free(struct arena *arena)
{
	while (arena->chunk) {
		struct arena_chunk *before = arena->chunk->before;
		free(arena->chunk);
		arena->chunk = before;
	}
	*arena = (struct arena){0};
}
