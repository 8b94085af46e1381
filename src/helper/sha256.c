// SPDX-License-Identifier: Apache-2.0
// sha256.c - the digest of bytes as they pass, and how many they were
#include "helper/sha256.h"

#include "oci/digest.h"

void sha256_start(struct sha256 *sha256)
{
	sha256_init(&sha256->state);
	sha256->size = 0;
}

void sha256_add(struct sha256 *sha256, const void *bytes, size_t n)
{
	sha256_update(&sha256->state, n, bytes);
	sha256->size += n;
}

void sha256_answer(struct sha256 *sha256, const char *key, struct buf *answer)
{
	struct digest digest;
	char text[DIGEST_TEXT + 1];
	static_assert(DIGEST_SIZE == SHA256_DIGEST_SIZE, "one is copied into the other");
	sha256_digest(&sha256->state, sizeof(digest.bytes), digest.bytes);
	digest_print(&digest, text);
	buf_printf(answer, "%s %s\n", key, text);
}
