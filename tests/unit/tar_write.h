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

// Adds one entry; `type` is ustar's, `link` and `content` may be "". `size` is what the header
// says, usually strlen(content).
static inline void tar_add_entry(struct buf *buf, char type, unsigned long mode, const char *path,
				 const char *link, const char *content, unsigned long size)
{
	char header[512] = {0}, zeros[512] = {0};
	size_t n = strlen(content);
	memcpy(header, path, min_of(strlen(path), 100));
	tar_octal(header + 100, 8, mode);
	tar_octal(header + 108, 8, 0);
	tar_octal(header + 116, 8, 0);
	tar_octal(header + 124, 12, size);
	tar_octal(header + 136, 12, 1700000000);
	memset(header + 148, ' ', 8);
	header[156] = type;
	memcpy(header + 157, link, min_of(strlen(link), 100));
	memcpy(header + 257, "ustar\00000", 8);
	unsigned long sum = 0;
	for (size_t i = 0; i < 512; i++)
		sum += (unsigned char)header[i];
	tar_octal(header + 148, 7, sum);
	header[154] = '\0';
	buf_add(buf, header, 512);
	buf_add(buf, content, n);
	buf_add(buf, zeros, (512 - n % 512) % 512);
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
