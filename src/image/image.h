// SPDX-License-Identifier: Apache-2.0
// image.h - an image, opened: its config, and its layers
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "oci/descriptor.h"
#include "oci/image_config.h"

struct image_layer {
	const char *diff_id;        // digest of the tar
	struct oci_descriptor blob; // the tar as it is stored, perhaps compressed
	struct str tar;             // its bytes, uncompressed, of the embedded image only
};

struct image {
	const char *name;                  // "hello", "oci:web", a name in full
	const char *id;                    // digest of its config
	const char *digest;                // of its manifest
	struct oci_descriptor manifest;    // the same with size and type
	struct oci_descriptor config_blob; // where the config came from
	struct str config_text;            // the config as it was written
	struct oci_image_config config;    // the whole document; .config says how to run it
	int in_use; // keeps it in the store, for as long as this descriptor or a copy is open: see
		    // stored.h; 0 or less: nothing does
	struct image_layer *layers; // the lowest first
	size_t layers_n;
};

// Opens the image that is compiled into the program. Only the index, the manifest and the config
// are read; the layers stay where they lie.
int image_open_hello(struct arena *arena, struct image *ret_image);

// Opens the first image of an OCI archive in memory (image specification, image-layout.md), under
// the name given. The archive must be one this program was built with: digests are not computed
// anew, but sizes and that everything named is there are checked. Layers must be uncompressed.
int image_open_archive(struct arena *arena, const char *name, struct str archive,
		       struct image *ret_image);

enum image_want {
	IMAGE_NAMES,    // only tell where the layers are or would be
	IMAGE_UNPACKED, // and unpack those that are missing: see store/layer.h
};

// The layers of an image in memory as directories under the store, the topmost first as an overlay
// wants them.
int image_layers(struct arena *arena, const struct image *image, const char *store,
		 enum image_want want, struct oci_strings *ret_directories);
