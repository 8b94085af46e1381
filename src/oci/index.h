// SPDX-License-Identifier: Apache-2.0
// index.h - a list of manifests: one image for many platforms, or the content of a layout
//
// Image specification, image-index.md; Docker calls it a manifest list.
#pragma once

#include "oci/descriptor.h"

struct oci_index {
	const char *media_type;    // may be missing
	const char *artifact_type; // of what is no image; NULL: not said
	struct oci_descriptor *manifests;
	size_t manifests_n;
	struct oci_descriptor *subject; // what this refers to; NULL: nothing
	struct oci_pairs annotations;
	struct oci_strings unknown; // set by parse: places of the keys that are not in here
};

// Reads an index. Returns 0 or -EINVAL, worded with line, column and the key's place.
int oci_index_parse(struct arena *arena, struct str text, struct oci_index *ret_index);

// Writes it in compact form; see oci_manifest_print.
void oci_index_print(struct buf *buf, const struct oci_index *index);
