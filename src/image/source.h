// SPDX-License-Identifier: Apache-2.0
// source.h - where the documents and layers of an image come from
#pragma once

#include "oci/descriptor.h"

enum {
	IMAGE_DOCUMENT_MAX = 4 << 20, // bytes of a document: what registries hold manifests to
	IMAGE_LAYERS_MAX = 127,       // as in Docker: what one overlay can be relied on to take
};

struct image_source {
	const char *name; // what messages call it: "oci:web"

	// The document with that digest, at most IMAGE_DOCUMENT_MAX bytes, of the size told.
	// Whether its digest was computed is the source's promise, told where the source is made.
	int (*document)(struct image_source *source, struct arena *arena,
			const struct oci_descriptor *descriptor, struct str *ret_text);
};
