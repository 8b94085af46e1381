// SPDX-License-Identifier: Apache-2.0
// digest.h - the name of content: an algorithm and what it made of the bytes
//
// tare stores and verifies by sha256 alone, in the one spelling the image specification allows.
// Documents may name other algorithms; such a descriptor can be read and shown but not fetched.
#pragma once

#include "base/str.h"

enum {
	DIGEST_SIZE = 32,     // bytes of a SHA-256 value
	DIGEST_HEX = 64,      // its hexadecimal digits
	DIGEST_TEXT = 7 + 64, // "sha256:" and the digits, no NUL
};

struct digest {
	unsigned char bytes[DIGEST_SIZE];
};

// Reads "sha256:" and 64 lowercase hexadecimal digits, nothing else. Returns 0 or -EINVAL, worded.
int digest_parse(struct str text, struct digest *ret_digest);

// Writes it in that form, with a NUL.
void digest_print(const struct digest *digest, char ret_text[DIGEST_TEXT + 1]);

// What is wrong with a digest of any algorithm, as a shape's check: NULL when the text follows the
// grammar (descriptor.md, "Digests") and, where the algorithm is registered, has its length.
const char *digest_check(const char *text);
