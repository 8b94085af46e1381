// SPDX-License-Identifier: Apache-2.0
// tar_mend.h - archives whose headers have the right checksum again
//
// A fuzzer that changes a header breaks its checksum, and never comes any further. So the sum is
// put right in every block that looks like a header, but where the data's last byte is odd: the
// check itself wants to be met as well.
#pragma once

#include "base/arena.h"
#include "base/str.h"

static inline void tar_mend_block(unsigned char *block)
{
	unsigned sum = 0;
	if (memcmp(block + 257, "ustar", 5))
		return;
	memset(block + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += block[i];
	for (size_t i = 6; i--; sum >>= 3)
		block[148 + i] = (unsigned char)('0' + (sum & 7));
	block[154] = '\0';
}

static inline struct str tar_mend(struct arena *arena, const uint8_t *data, size_t size)
{
	char *copy = arena_dup_n(arena, (const char *)data, size);
	if (!size || (data[size - 1] & 1))
		return (struct str){copy, size};
	for (size_t at = 0; at + 512 <= size; at += 512)
		tar_mend_block((unsigned char *)copy + at);
	return (struct str){copy, size};
}
