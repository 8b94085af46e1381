// SPDX-License-Identifier: Apache-2.0
// manifest.h - what one image of one platform consists of: a config and layers
//
// Image specification, manifest.md; Docker's manifest (schema 2) differs in its media types only.
#pragma once

#include "oci/descriptor.h"

struct oci_manifest {
	const char *media_type;        // may be missing in OCI's; a registry tells it in its header
	const char *artifact_type;     // of what is no image; NULL: not said
	struct oci_descriptor config;  // an image_config.h document, if it is an image
	struct oci_descriptor *layers; // the lowest first
	size_t layers_n;
	struct oci_descriptor
		*subject; // what this refers to (a signature its image); NULL: nothing
	struct oci_pairs annotations;
	struct oci_strings unknown; // set by parse: places of the keys that are not in here
};

// Reads a manifest. Returns 0 or -EINVAL, worded with line, column and the key's place.
int oci_manifest_parse(struct arena *arena, struct str text, struct oci_manifest *ret_manifest);

// Writes it in compact form. A document's digest is over its bytes: one that was read from a
// registry is kept as those bytes, never printed anew.
void oci_manifest_print(struct buf *buf, const struct oci_manifest *manifest);
