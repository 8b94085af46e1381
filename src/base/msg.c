// SPDX-License-Identifier: Apache-2.0
// msg.c - messages on standard error, made safe to look at
//
// Whether a byte belongs to a character is asked of utf8.h and not of the C library, whose answer
// depends on a locale that tare never loads.
#include "base/msg.h"

#include "base/fd.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <unistd.h>

static const char *program = "tare";

enum { MESSAGE_MAX = 16 * 1024 }; // a fault's text and hint, each byte of them escaped, fit

// The number of the character that `size` valid bytes stand for.
static uint32_t code_of(const char *p, size_t size)
{
	uint32_t code = (unsigned char)p[0] & (size == 1 ? 0x7fu : 0x7fu >> size);
	for (size_t i = 1; i < size; i++)
		code = code << 6 | ((unsigned char)p[i] & 0x3f);
	return code;
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
		size_t size = utf8_length(text.p, text.n);
		size_t taken = max_of(size, (size_t)1);
		if (size && is_visible(code_of(text.p, size)))
			buf_add(out, text.p, size);
		else
			for (size_t i = 0; i < taken; i++)
				buf_printf(out, "\\x%02x", (unsigned char)text.p[i]);
		text = (struct str){text.p + taken, text.n - taken};
	}
}

void msg_program(const char *name)
{
	program = name;
}

static void line(struct buf *out, const char *who, const char *text)
{
	buf_printf(out, "%s: ", who);
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
	line(&out, program, fault->text);
	if (fault->hint[0])
		line(&out, "hint", fault->hint);
	print(&out);
	arena_free(&arena);
}

static void say(const char *format, va_list arguments)
{
	char text[2048];
	struct arena arena = {0};
	struct buf out = buf_new(&arena, MESSAGE_MAX);
	vsnprintf(text, sizeof(text), format, arguments);
	line(&out, program, text);
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

int msg_print(const struct buf *text)
{
	int error = text->over ? -EFBIG : fd_write_all(STDOUT_FILENO, text->p, text->n);
	return error ? fail_sys(error, "write to standard output") : 0;
}
