// SPDX-License-Identifier: Apache-2.0
// arena.h - memory that is given out piece by piece and taken back all at once
//
// Functions that allocate take the arena first. A command has one arena and frees nothing; a
// long-lived process has one for each request. Memory is zeroed. Running out of it ends the
// process with a message: no caller checks for NULL.
#pragma once

struct arena {
	struct arena_chunk *chunk; // the chunk being filled, linked to those before it
	size_t used;               // bytes given out of it
	size_t size;               // bytes it holds
};

void *arena_alloc(struct arena *arena, size_t size, size_t align);
char *arena_dup(struct arena *arena, const char *text);
char *arena_dup_n(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...) printf_(2, 3);

// Gives everything back; the arena is empty and usable again.
void arena_free(struct arena *arena);

#define arena_new(arena, type) ((type *)arena_alloc(arena, sizeof(type), _Alignof(type)))
#define arena_array(arena, type, count)                                                            \
	((type *)arena_alloc_array(arena, count, sizeof(type), _Alignof(type)))

void *arena_alloc_array(struct arena *arena, size_t count, size_t size, size_t align);
