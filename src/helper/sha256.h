// SPDX-License-Identifier: Apache-2.0
// sha256.h - the digest of bytes as they pass, and how many they were
#pragma once

#include "base/buf.h"

#include <nettle/sha2.h>

struct sha256 {
	struct sha256_ctx state; // nettle's
	uint64_t size;           // bytes so far
};

void sha256_start(struct sha256 *sha256);
void sha256_add(struct sha256 *sha256, const void *bytes, size_t n);

// Adds "KEY sha256:…\n" to an answer. What was begun is then over.
void sha256_answer(struct sha256 *sha256, const char *key, struct buf *answer);
