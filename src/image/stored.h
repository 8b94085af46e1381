// SPDX-License-Identifier: Apache-2.0
// stored.h - an image of our own store, opened
#pragma once

#include "image/image.h"
#include "image/source.h"
#include "store/name.h"

// Opens what a start needs: the config, and the layers by their diff ids. That is one open(2). What
// only the manifest says (the layers' blobs) stays empty.
//
// The image is locked, shared, by the descriptor of its config, which ret_image->in_use leaves
// open: until the process ends nobody removes it. Being removed just now is an error.
int image_open_config(struct arena *arena, const char *root, const struct store_image *stored,
		      struct image *ret_image);

// Opens all of it, manifest and config.
int image_open_stored(struct arena *arena, const char *root, const struct store_image *stored,
		      struct image *ret_image);

// Locks the image to remove it: 0, IMAGE_IN_USE, or an error. An image without a config is
// nobody's.
enum { IMAGE_IN_USE = 1 };
int image_lock_removal(struct arena *arena, const char *root, const char *id, int *ret_fd);

// The store as a source of documents: they were checked when they were put there.
struct stored_source {
	struct image_source source;
	const char *root;
};
struct stored_source stored_source(const char *root, const char *name);

// Whether the store has the blob, of the size that is told.
bool stored_has(struct arena *arena, const char *root, const struct oci_descriptor *descriptor);
