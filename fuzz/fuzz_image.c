// SPDX-License-Identifier: Apache-2.0
// fuzz_image.c - the documents of images: what was read and printed reads and prints the same
#include "oci/image_config.h"
#include "oci/index.h"
#include "oci/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// The three kinds differ in their struct and functions only.
#define CHECK(kind)                                                                                \
	static void check_##kind(struct arena *arena, struct str text)                             \
	{                                                                                          \
		struct oci_##kind document, again;                                                 \
		struct buf first = buf_new(arena, 64 << 20), second = buf_new(arena, 64 << 20);    \
		if (oci_##kind##_parse(arena, text, &document))                                    \
			return;                                                                    \
		oci_##kind##_print(&first, &document);                                             \
		int error = oci_##kind##_parse(arena, buf_str(&first), &again);                    \
		assert(!error && !again.unknown.n);                                                \
		oci_##kind##_print(&second, &again);                                               \
		assert(first.n == second.n && !memcmp(first.p, second.p, first.n));                \
	}

CHECK(manifest)
CHECK(index)
CHECK(image_config)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct str text = {(const char *)data, size};
	check_manifest(&arena, text);
	check_index(&arena, text);
	check_image_config(&arena, text);
	arena_free(&arena);
	return 0;
}
