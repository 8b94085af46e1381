// SPDX-License-Identifier: Apache-2.0
// take.h - an image of somebody's layout, taken into the store
#pragma once

#include "image/image.h"
#include "image/layout.h"
#include "store/layer_map.h"
#include "store/name.h"

struct image_take {
	const char *root;                    // the store
	const char *tag;                     // the image's name in the layout; NULL: the only one
	const struct oci_platform *platform; // what it is to run on
	const struct store_map *map;         // the ids it will be run with
	// Called before layers are unpacked, with the documents read: an error ends it. May be
	// NULL.
	int (*begin)(void *context, const struct image *image);
	void *context;
};

// Takes the image, unless it is there: that is seen by reading the layout's index alone. Every
// document and layer is verified on its way. What fails leaves nothing behind.
int image_take(struct arena *arena, const struct image_take *take, struct layout *layout,
	       struct image *ret_image, struct store_image *ret_stored);

// Reads what would be taken, changing nothing: digests are not computed.
int image_take_told(struct arena *arena, const struct image_take *take, struct layout *layout,
		    struct image *ret_image);
