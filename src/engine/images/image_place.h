// SPDX-License-Identifier: Apache-2.0
// image_place.h - images named by where they lie: "oci:DIR[:NAME]", "oci-archive:FILE[:NAME]"
#pragma once

#include "base/arena.h"

struct image_place {
	const char *path;
	const char *tag; // NULL: the only image there
	bool archive;    // a file
};

// Whether it is written so.
bool image_place_is(const char *text);

// Parts it. Both a path and a name may have colons: the path ends at the first one before which
// something is there.
void image_place_parse(struct arena *arena, const char *text, struct image_place *ret_place);
