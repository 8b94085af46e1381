// SPDX-License-Identifier: Apache-2.0
// run_image.h - the image that a run names
#pragma once

#include "engine/run_spec.h"

// Opens the image of opts->image and, unless `only_tells`, sees to it that its layers are unpacked
// in `root`:
//
//	hello               is compiled in
//	oci:DIR[:NAME]      of an OCI image layout; oci-archive:FILE[:NAME] of the tar of one
//	NAME[:TAG], ID      of the store
//
// One for another machine is an error where nothing emulates that.
int run_image_open(struct arena *arena, const struct run_opts *opts, const char *root,
		   bool only_tells, struct engine_image *ret_image);
