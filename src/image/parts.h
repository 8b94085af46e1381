// SPDX-License-Identifier: Apache-2.0
// parts.h - what of the store an image consists of, and what nobody needs any more
#pragma once

#include "image/image.h"
#include "store/name.h"

struct image_parts {
	struct oci_strings blobs;  // digests: indexes, manifest, config, layers as they came
	struct oci_strings layers; // diff ids
};

// Adds those of an image that was opened with its manifest, found through `indexes`.
void image_parts_add(struct arena *arena, const struct image *image,
		     const struct oci_strings *indexes, struct image_parts *parts);

// Removes from the store all that no image there has: what one that is gone had alone, and what an
// interrupted import left. Call it with the store's lock held exclusively, when the documents of
// the images that are to go are gone.
int image_parts_collect(struct arena *arena, const char *root);
