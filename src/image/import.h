// SPDX-License-Identifier: Apache-2.0
// import.h - an image of one layer, made of the tar of a root file system
#pragma once

#include "image/image.h"
#include "store/layer.h"
#include "store/name.h"

struct image_import {
	const char *root;                // the store
	int fd;                          // the tar: plain, gzip or zstd; read to its end
	const char *name;                // in full; NULL: none
	const char *message;             // kept in its history; NULL: none
	const struct store_map *map;     // the ids it will be run with
	struct oci_image_config *config; // how it is run, and its platform; the rest is filled in
};

// Makes the image and puts it into the store, replacing what had its name. Fails leaving nothing.
// *ret_layer tells what the layer was like.
int image_import(struct arena *arena, const struct image_import *import,
		 struct store_image *ret_stored, struct store_layer *ret_layer);
