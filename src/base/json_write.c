// SPDX-License-Identifier: Apache-2.0
// json_write.c - JSON written straight into a buffer
#include "base/json_write.h"

#include "base/utf8.h"

struct json_writer json_writer_new(struct buf *buf, enum json_form form)
{
	return (struct json_writer){.buf = buf, .form = form, .first = true};
}

static void new_line(struct json_writer *json)
{
	if (json->form == JSON_COMPACT)
		return;
	buf_putc(json->buf, '\n');
	for (unsigned i = 0; i < json->depth; i++)
		buf_add(json->buf, "  ", 2);
}

// What stands before a key, or before a value that has none.
static void separate(struct json_writer *json)
{
	if (json->after_key) {
		json->after_key = false;
		return;
	}
	if (!json->first)
		buf_putc(json->buf, ',');
	if (json->depth)
		new_line(json);
	json->first = false;
}

static void open_with(struct json_writer *json, char bracket)
{
	separate(json);
	buf_putc(json->buf, bracket);
	json->depth++;
	json->first = true;
}

static void close_with(struct json_writer *json, char bracket)
{
	assert(json->depth && !json->after_key);
	json->depth--;
	if (!json->first)
		new_line(json);
	buf_putc(json->buf, bracket);
	json->first = false;
}

void json_open_object(struct json_writer *json)
{
	open_with(json, '{');
}

void json_close_object(struct json_writer *json)
{
	close_with(json, '}');
}

void json_open_list(struct json_writer *json)
{
	open_with(json, '[');
}

void json_close_list(struct json_writer *json)
{
	close_with(json, ']');
}

// The letter that escapes a byte in short form, 'u' for the long one, 0 for none.
static char escape_letter(unsigned char byte)
{
	switch (byte) {
	case '"':
	case '\\':
		return (char)byte;
	case '\b':
		return 'b';
	case '\f':
		return 'f';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	}
	return byte < 0x20 || byte == 0x7F ? 'u' : 0;
}

static void escape_byte(struct buf *buf, unsigned char byte, char letter)
{
	static const char digits[] = "0123456789abcdef";
	const char text[] = {'\\', letter, '0', '0', digits[byte >> 4], digits[byte & 15]};
	buf_add(buf, text, letter == 'u' ? sizeof(text) : 2);
}

void json_escape(struct buf *buf, struct str text)
{
	size_t plain = 0; // where the run of bytes begins that go out as they are
	for (size_t at = 0; at < text.n;) {
		char letter = escape_letter((unsigned char)text.p[at]);
		size_t length = letter ? 0 : utf8_length(text.p + at, text.n - at);
		if (length) {
			at += length;
			continue;
		}
		buf_add(buf, text.p + plain, at - plain);
		if (letter)
			escape_byte(buf, (unsigned char)text.p[at], letter);
		else
			buf_puts(buf, "\uFFFD");
		plain = ++at;
	}
	buf_add(buf, text.p + plain, text.n - plain);
}

static void add_quoted(struct json_writer *json, struct str text)
{
	buf_putc(json->buf, '"');
	json_escape(json->buf, text);
	buf_putc(json->buf, '"');
}

void json_key(struct json_writer *json, const char *key)
{
	separate(json);
	add_quoted(json, str_of(key));
	buf_puts(json->buf, json->form == JSON_COMPACT ? ":" : ": ");
	json->after_key = true;
}

void json_put_str(struct json_writer *json, struct str text)
{
	separate(json);
	add_quoted(json, text);
}

void json_put_text(struct json_writer *json, const char *text)
{
	if (text)
		json_put_str(json, str_of(text));
	else
		json_put_null(json);
}

static void put_digits(struct json_writer *json, uint64_t number, bool negative)
{
	char digits[24];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	if (negative)
		digits[--at] = '-';
	separate(json);
	buf_add(json->buf, digits + at, sizeof(digits) - at);
}

void json_put_int(struct json_writer *json, int64_t number)
{
	bool negative = number < 0;
	put_digits(json, negative ? -(uint64_t)number : (uint64_t)number, negative);
}

void json_put_uint(struct json_writer *json, uint64_t number)
{
	put_digits(json, number, false);
}

void json_put_bool(struct json_writer *json, bool value)
{
	separate(json);
	buf_puts(json->buf, value ? "true" : "false");
}

void json_put_null(struct json_writer *json)
{
	separate(json);
	buf_puts(json->buf, "null");
}

void json_put_json(struct json_writer *json, const char *text)
{
	separate(json);
	buf_puts(json->buf, text);
}
