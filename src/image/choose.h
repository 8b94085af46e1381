// SPDX-License-Identifier: Apache-2.0
// choose.h - from an index to the one manifest that is meant
#pragma once

#include "image/source.h"

struct image_choice {
	struct oci_descriptor manifest;
	struct oci_strings indexes; // digests of the indexes on the way, without the first
};

// Chooses from the index `text`: by `tag` (a name in its annotations, NULL: there is but one
// image), then by platform, following indexes in indexes. `source` gives those. Returns 0, or an
// error that says what there would be.
int image_choose(struct arena *arena, struct image_source *source, struct str text, const char *tag,
		 const struct oci_platform *platform, struct image_choice *ret_choice);
