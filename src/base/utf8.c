// SPDX-License-Identifier: Apache-2.0
// utf8.c - the table of well-formed byte sequences (Unicode standard, table 3-7) as code
//
// Only the second byte has a range that depends on the first: it is there that overlong forms,
// surrogates and numbers past the last plane are told from characters.
#include "base/utf8.h"

static bool is_between(char byte, unsigned char least, unsigned char most)
{
	return (unsigned char)byte >= least && (unsigned char)byte <= most;
}

size_t utf8_length(const char *bytes, size_t n)
{
	if (!n)
		return 0;
	unsigned char first = (unsigned char)bytes[0];
	if (first < 0x80)
		return 1;
	size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
	if (first < 0xC2 || first > 0xF4 || n < length)
		return 0;
	unsigned char least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
	unsigned char most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
	if (!is_between(bytes[1], least, most))
		return 0;
	for (size_t i = 2; i < length; i++) {
		if (!is_between(bytes[i], 0x80, 0xBF))
			return 0;
	}
	return length;
}

size_t utf8_encode(uint32_t code, char ret_bytes[4])
{
	static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
	if (code < 0x80) {
		ret_bytes[0] = (char)code;
		return 1;
	}
	size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = length - 1; i > 0; i--) {
		ret_bytes[i] = (char)(0x80 | (code & 0x3F));
		code >>= 6;
	}
	ret_bytes[0] = (char)(lead[length] | code);
	return length;
}

bool utf8_is_text(struct str s)
{
	while (s.n) {
		size_t n = s.p[0] ? utf8_length(s.p, s.n) : 0;
		if (!n)
			return false;
		s.p += n;
		s.n -= n;
	}
	return true;
}
