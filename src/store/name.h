// SPDX-License-Identifier: Apache-2.0
// name.h - which images the store has, and what they are called
//
//	ROOT/images/docker.io/library/base/:latest   the name docker.io/library/base:latest
//	ROOT/images/:id/<hex>                        the image with that id, named or not
//	ROOT/index.json, ROOT/oci-layout             what makes ROOT a layout for other tools
//
// Each is a small document that says which manifest the image is. Finding one is one open(2),
// however many there are. Neither part of a repository nor a domain can begin with a colon, so the
// two kinds never meet.
//
// The index is made of these documents and never read by tare. A name is put when all that it leads
// to is there: blobs, layers, then the id's document, then the name's, then the index. What is
// interrupted leaves a store that is whole, at worst with an index one change behind.
#pragma once

#include "base/record.h"
#include "oci/descriptor.h"
#include "oci/reference.h"

struct store_image {
	const char *name;               // in full; NULL: found by its id
	const char *id;                 // "sha256:…" of its config
	struct oci_descriptor manifest; // with its platform, where that was told
	struct oci_strings indexes;     // blobs that it was found through: indexes, other manifests
	int64_t size;                   // bytes of its layers as tars
	int64_t added;                  // seconds since 1970
};

enum {
	STORE_NONE = 1,    // there is none
	STORE_SEVERAL = 2, // more than one fits
	STORE_IMAGES_MAX = 1 << 20,
};

// The image of that tag, or of that repository with that manifest's digest. Returns 0, STORE_NONE
// or an error.
int store_name_find(struct arena *arena, const char *root, const struct reference *reference,
		    struct store_image *ret_image);

// The image whose id begins so: "sha256:" may stand in front. Returns 0, STORE_NONE (the text is no
// beginning of an id, too), STORE_SEVERAL or an error.
int store_id_find(struct arena *arena, const char *root, const char *text,
		  struct store_image *ret_image);

struct store_images {
	struct store_image *item;
	size_t n;
};

// All names, sorted; all ids. What can't be read as a document is left out.
int store_names_list(struct arena *arena, const char *root, struct store_images *ret_images);
int store_ids_list(struct arena *arena, const char *root, struct store_images *ret_images);

// What changes the store holds the lock, shared to add and exclusive to remove: what was just put
// there and has no name yet is not garbage. The lock is released with the descriptor.
int store_lock(struct arena *arena, const char *root, enum record_lock lock, int *ret_fd);

// The lock to remove with, if it is to be had at once: 0 or STORE_BUSY, or an error.
enum { STORE_BUSY = 1 };
int store_lock_try(struct arena *arena, const char *root, int *ret_fd);

// Puts the image, under its name if it has one, replacing what had the name before. With the lock.
int store_name_put(struct arena *arena, const char *root, const struct store_image *image);

// Removes the name; or the id. That it isn't there is fine. With the lock.
int store_name_remove(struct arena *arena, const char *root, const struct reference *reference);
int store_id_remove(struct arena *arena, const char *root, const char *id);
