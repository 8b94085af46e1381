// SPDX-License-Identifier: Apache-2.0
// images.h - the images there are: list, name, remove
#pragma once

#include "engine/roots.h"
#include "image/image.h"
#include "store/name.h"

// One line of a list: an image under one of its names.
struct image_row {
	const char *id;         // "sha256:…"
	const char *repository; // short: "base"; NULL: it has no name
	const char *tag;        // NULL: likewise
	const char *name;       // both together, in full; NULL
	const char *digest;     // of its manifest
	int64_t created;        // seconds since 1970, as its config says, else when it came here
	int64_t size;           // bytes of its layers
	const char *containers; // names of those that use it, with commas; NULL: none
	const struct image *image;
};

// All of them, the newest first; those without a name, too.
int images_list(struct arena *arena, const struct roots *roots, struct image_row **ret_rows,
		size_t *ret_n);

// Gives the image `source` another name.
int images_tag(struct arena *arena, const struct roots *roots, const char *source,
	       const char *target);

// Takes the name away, or with an id all of it; with the last name the image goes, and what of it
// no other image has. One that a container uses stays: with `force` it loses its name at least,
// unless the container runs. Lines to print come in *ret_lines: "Untagged: base:1".
int images_remove(struct arena *arena, const struct roots *roots, const char *text, bool force,
		  struct oci_strings *ret_lines);

// Reads "2026-11-27T03:19:02.5Z" as seconds since 1970; 0 for what is no such time.
int64_t images_time(const char *text);
