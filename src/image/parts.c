// SPDX-License-Identifier: Apache-2.0
// parts.c - what of the store an image consists of, and what nobody needs any more
//
// Images share layers, and blobs. So what an image leaves behind is what no other has: all their
// manifests are read for that. One that can't be read might need anything, and then nothing is
// removed.
#include "image/parts.h"

#include "base/fail.h"
#include "image/stored.h"
#include "store/collect.h"

// Lists here have few items but their room is not written down: each is copied as it grows, to the
// next power of two.
static void add(struct arena *arena, struct oci_strings *list, const char *text)
{
	if ((list->n & (list->n - 1)) == 0) {
		const char **item = arena_array(arena, const char *, max_of(list->n * 2, 1ul));
		if (list->n)
			memcpy(item, list->item, list->n * sizeof(*item));
		list->item = item;
	}
	list->item[list->n++] = text;
}

void image_parts_add(struct arena *arena, const struct image *image,
		     const struct oci_strings *indexes, struct image_parts *parts)
{
	for (size_t i = 0; i < indexes->n; i++)
		add(arena, &parts->blobs, indexes->item[i]);
	add(arena, &parts->blobs, image->digest);
	add(arena, &parts->blobs, image->id);
	for (size_t i = 0; i < image->layers_n; i++) {
		add(arena, &parts->blobs, image->layers[i].blob.digest);
		add(arena, &parts->layers, image->layers[i].diff_id);
	}
}

static int add_all(struct arena *arena, const char *root, const struct store_images *images,
		   struct image_parts *parts)
{
	for (size_t i = 0; i < images->n; i++) {
		struct image image;
		TRY(image_open_stored(arena, root, &images->item[i], &image));
		image_parts_add(arena, &image, &images->item[i].indexes, parts);
	}
	return 0;
}

// What all images have, and hello, which may be unpacked there.
static int used_parts(struct arena *arena, const char *root, struct image_parts *parts)
{
	const struct oci_strings none = {0};
	struct store_images names, ids;
	struct image hello;
	TRY(store_names_list(arena, root, &names));
	TRY(store_ids_list(arena, root, &ids));
	TRY(add_all(arena, root, &names, parts));
	TRY(add_all(arena, root, &ids, parts));
	TRY(image_open_hello(arena, &hello));
	image_parts_add(arena, &hello, &none, parts);
	return 0;
}

int image_parts_collect(struct arena *arena, const char *root)
{
	struct image_parts used = {0};
	TRY(used_parts(arena, root, &used));
	return store_collect(arena, root, &(struct store_needed){used.blobs, used.layers});
}
