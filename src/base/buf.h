// SPDX-License-Identifier: Apache-2.0
// buf.h - bytes that grow as they are added, up to a maximum
//
// The memory comes from an arena. Adding past `max` adds nothing more and sets `over`: a writer is
// checked once, at its end. The bytes are always followed by a NUL, so `p` is a C string when no
// NUL was added.
#pragma once

#include "base/arena.h"
#include "base/str.h"

struct buf {
	struct arena *arena; // where the bytes live
	char *p;             // the bytes; never NULL after buf_new
	size_t n;            // how many
	size_t room;         // how many fit before it has to grow, the NUL not counted
	size_t max;          // how many it may ever hold
	bool over;           // somebody wanted to add more than that
};

struct buf buf_new(struct arena *arena, size_t max);
void buf_add(struct buf *buf, const char *bytes, size_t n);
void buf_puts(struct buf *buf, const char *text);
void buf_putc(struct buf *buf, char c);
// Adds it quoted for a shell, where it needs that.
void buf_shell(struct buf *buf, const char *word);

// Adds the last `digits` hexadecimal digits of a number, 16 at the most.
void buf_hex(struct buf *buf, uint64_t number, unsigned digits);

void buf_printf(struct buf *buf, const char *format, ...) printf_(2, 3);

static inline struct str buf_str(const struct buf *buf)
{
	return (struct str){buf->p, buf->n};
}
