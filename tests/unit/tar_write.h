// SPDX-License-Identifier: Apache-2.0
// tar_write.h - small archives for tests, good ones and such as no tool would write
#pragma once

#include "base/buf.h"

static inline void tar_octal(char *field, size_t n, unsigned long number)
{
	char digits[32];
	snprintf(digits, sizeof(digits), "%0*lo", (int)n - 1, number);
	memcpy(field, digits, n - 1);
}

// The sum of a header's bytes, put where it belongs.
static inline void tar_sum(char header[512])
{
	unsigned long sum = 0;
	memset(header + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += (unsigned char)header[i];
	tar_octal(header + 148, 7, sum);
	header[154] = '\0';
}

// Makes a ustar header; `size` is what it says.
static inline void tar_header(char header[512], char type, unsigned long mode, const char *path,
			      const char *link, unsigned long size)
{
	memset(header, 0, 512);
	memcpy(header, path, min_of(strlen(path), 100));
	tar_octal(header + 100, 8, mode);
	tar_octal(header + 108, 8, 0);
	tar_octal(header + 116, 8, 0);
	tar_octal(header + 124, 12, size);
	tar_octal(header + 136, 12, 1700000000);
	header[156] = type;
	memcpy(header + 157, link, min_of(strlen(link), 100));
	memcpy(header + 257, "ustar\00000", 8);
	tar_sum(header);
}

// Adds bytes, filled up to whole blocks.
static inline void tar_add_bytes(struct buf *buf, const char *bytes, size_t n)
{
	static const char zeros[512];
	buf_add(buf, bytes, n);
	buf_add(buf, zeros, (512 - n % 512) % 512);
}

// Adds one entry; `type` is ustar's, `link` and `content` may be "". `size` is what the header
// says, usually strlen(content).
static inline void tar_add_entry(struct buf *buf, char type, unsigned long mode, const char *path,
				 const char *link, const char *content, unsigned long size)
{
	char header[512];
	tar_header(header, type, mode, path, link, size);
	buf_add(buf, header, 512);
	tar_add_bytes(buf, content, strlen(content));
}

static inline void tar_add_owned(struct buf *buf, char type, unsigned long mode, unsigned long id,
				 const char *path, const char *link, const char *content)
{
	char header[512];
	tar_header(header, type, mode, path, link, strlen(content));
	tar_octal(header + 108, 8, id);
	tar_octal(header + 116, 8, id);
	tar_sum(header);
	buf_add(buf, header, 512);
	tar_add_bytes(buf, content, strlen(content));
}

static inline void tar_add_device(struct buf *buf, char type, const char *path, unsigned long major,
				  unsigned long minor)
{
	char header[512];
	tar_header(header, type, 0640, path, "", 0);
	tar_octal(header + 329, 8, major);
	tar_octal(header + 337, 8, minor);
	tar_sum(header);
	buf_add(buf, header, 512);
}

// A pax record, its own length counted in.
static inline void tar_record(struct buf *records, const char *key, const char *value, size_t n)
{
	size_t rest = strlen(key) + n + 3, length = rest + 1; // blank, '=', newline
	char digits[24];
	while (rest + (size_t)snprintf(digits, sizeof(digits), "%zu", length) != length)
		length++;
	buf_printf(records, "%zu %s=", length, key);
	buf_add(records, value, n);
	buf_putc(records, '\n');
}

// Adds a pax header of the records in `buf`, 'x' for the next entry or 'g' for all.
static inline void tar_add_records(struct buf *buf, char type, const struct buf *records)
{
	char header[512];
	tar_header(header, type, 0644, "pax", "", records->n);
	buf_add(buf, header, 512);
	tar_add_bytes(buf, records->p, records->n);
}

static inline void tar_add_pax(struct buf *buf, const char *key, const char *value)
{
	struct buf records = buf_new(buf->arena, 1 << 21);
	tar_record(&records, key, value, strlen(value));
	tar_add_records(buf, 'x', &records);
}

static inline void tar_add_sized(struct buf *buf, char type, const char *path, const char *link,
				 const char *content, unsigned long size)
{
	tar_add_entry(buf, type, type == '5' ? 0755 : 0644, path, link, content, size);
}

static inline void tar_add_mode(struct buf *buf, char type, const char *path, unsigned long mode)
{
	tar_add_entry(buf, type, mode, path, "", "", 0);
}

static inline void tar_add(struct buf *buf, char type, const char *path, const char *link,
			   const char *content)
{
	tar_add_sized(buf, type, path, link, content, strlen(content));
}

static inline struct str tar_end(struct buf *buf)
{
	char zeros[1024] = {0};
	buf_add(buf, zeros, sizeof(zeros));
	return buf_str(buf);
}
