// SPDX-License-Identifier: Apache-2.0
// run_image.h - the image that a run names
#pragma once

#include "engine/run_spec.h"

// Opens the image and, unless `only_tells`, sees to it that its layers are unpacked in `root`.
// `hello`, which is compiled in, is the only name there is yet.
int run_image_open(struct arena *arena, const char *name, const char *root, bool only_tells,
		   struct engine_image *ret_image);
