// SPDX-License-Identifier: Apache-2.0
// utf8.h - characters as bytes
//
// Valid is what RFC 3629 allows: the shortest form, no surrogates, nothing above U+10FFFF.
#pragma once

#include "base/str.h"

// Length (1 to 4) of the valid character that the bytes begin with, 0 if there is none.
size_t utf8_length(const char *bytes, size_t n);

// Whether it is nothing but valid characters, and none of them NUL.
bool utf8_is_text(struct str s);

// Writes the character; returns its length. `code` is no surrogate and at most 0x10FFFF.
size_t utf8_encode(uint32_t code, char ret_bytes[4]);
