// SPDX-License-Identifier: Apache-2.0
// msg.c - messages on standard error, made safe to look at
//
// UTF-8 is decoded here rather than by the C library, whose functions depend on a locale that tare
// never loads. A sequence is taken as text when it is the shortest form of a character that is no
// surrogate; of anything else the first byte is shown as a number and the next one tried.
#include "base/msg.h"

#include "base/fd.h"

#include <stdarg.h>
#include <unistd.h>

enum { MESSAGE_MAX = 16 * 1024 }; // a fault's text and hint, each byte of them escaped, fit

// How many bytes the character at the start of `text` has; 0 when they are no UTF-8.
static size_t character(struct str text, uint32_t *ret_code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char head = (unsigned char)text.p[0];
	size_t size = head < 0x80 ? 1 : head < 0xc0 ? 0 : head < 0xe0 ? 2 : head < 0xf0 ? 3 : 4;
	if (!size || head > 0xf4 || size > text.n)
		return 0;
	uint32_t code = size == 1 ? head : head & (0x7fu >> size);
	for (size_t i = 1; i < size; i++) {
		unsigned char next = (unsigned char)text.p[i];
		if ((next & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (next & 0x3f);
	}
	if (code < least[size] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	*ret_code = code;
	return size;
}

static bool is_visible(uint32_t code)
{
	bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
	bool line_end = code == 0x2028 || code == 0x2029;
	bool turns = code == 0x061c || code == 0x200e || code == 0x200f ||
		     (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
	return !control && !line_end && !turns;
}

void msg_escape(struct buf *out, struct str text)
{
	while (text.n) {
		uint32_t code = 0;
		size_t size = character(text, &code);
		size_t taken = max_of(size, (size_t)1);
		if (size && is_visible(code))
			buf_add(out, text.p, size);
		else
			for (size_t i = 0; i < taken; i++)
				buf_printf(out, "\\x%02x", (unsigned char)text.p[i]);
		text = (struct str){text.p + taken, text.n - taken};
	}
}

static void line(struct buf *out, const char *who, const char *text)
{
	buf_puts(out, who);
	msg_escape(out, str_of(text));
	buf_putc(out, '\n');
}

// There is nobody left to tell when standard error can't be written to.
static void print(const struct buf *out)
{
	int error unused_ = fd_write_all(STDERR_FILENO, out->p, out->n);
}

void msg_fault(const struct fault *fault)
{
	struct arena arena = {0};
	struct buf out = buf_new(&arena, MESSAGE_MAX);
	line(&out, "tare: ", fault->text);
	if (fault->hint[0])
		line(&out, "hint: ", fault->hint);
	print(&out);
	arena_free(&arena);
}

static void say(const char *format, va_list arguments)
{
	char text[2048];
	struct arena arena = {0};
	struct buf out = buf_new(&arena, MESSAGE_MAX);
	vsnprintf(text, sizeof(text), format, arguments);
	line(&out, "tare: ", text);
	print(&out);
	arena_free(&arena);
}

void msg_say(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
}

void msg_notice(const char *format, ...)
{
	if (!isatty(STDERR_FILENO))
		return;
	va_list arguments;
	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
}
