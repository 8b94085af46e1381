// SPDX-License-Identifier: Apache-2.0
// buf.c - a growing run of bytes with a maximum
#include "base/buf.h"

#include <stdarg.h>

struct buf buf_new(struct arena *arena, size_t max)
{
	return (struct buf){.arena = arena, .p = arena_alloc(arena, 1, 1), .max = max};
}

// Makes room for n more bytes; false when that would pass the maximum.
static bool make_room(struct buf *buf, size_t n)
{
	if (n > buf->max - buf->n) {
		buf->over = true;
		return false;
	}
	if (n <= buf->room - buf->n)
		return true;
	size_t room = min_of(max_of(max_of(buf->room * 2, buf->n + n), (size_t)64), buf->max);
	char *p = arena_alloc(buf->arena, room + 1, 1);
	memcpy(p, buf->p, buf->n);
	buf->p = p;
	buf->room = room;
	return true;
}

void buf_add(struct buf *buf, const char *bytes, size_t n)
{
	if (!n || buf->over || !make_room(buf, n))
		return;
	memcpy(buf->p + buf->n, bytes, n);
	buf->n += n;
	buf->p[buf->n] = '\0';
}

void buf_puts(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_putc(struct buf *buf, char c)
{
	buf_add(buf, &c, 1);
}

void buf_hex(struct buf *buf, uint64_t number, unsigned digits)
{
	char text[2 * sizeof(number)];
	for (unsigned i = digits; i; number >>= 4)
		text[--i] = "0123456789abcdef"[number & 15];
	buf_add(buf, text, digits);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list arguments, again;
	va_start(arguments, format);
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	assert(length >= 0);
	if (!buf->over && make_room(buf, (size_t)length)) {
		vsnprintf(buf->p + buf->n, (size_t)length + 1, format, again);
		buf->n += (size_t)length;
	}
	va_end(again);
}

static bool is_plain(const char *word)
{
	size_t plain = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789_./:=@%+,-");
	return plain && !word[plain];
}

void buf_shell(struct buf *buf, const char *word)
{
	if (is_plain(word)) {
		buf_puts(buf, word);
		return;
	}
	buf_putc(buf, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			buf_puts(buf, "'\\''");
		else
			buf_putc(buf, *word);
	}
	buf_putc(buf, '\'');
}
