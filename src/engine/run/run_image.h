// SPDX-License-Identifier: Apache-2.0
// run_image.h - the image that a run names
#pragma once

#include "engine/roots.h"
#include "engine/run/run_spec.h"

// Opens the image of opts->image. One of a layout is taken into the store under `root` first,
// unless `only_tells`.
//
//	hello               is compiled in
//	oci:DIR[:NAME]      of an OCI image layout; oci-archive:FILE[:NAME] of the tar of one
//	NAME[:TAG], ID      of the store
//
// One for another machine is an error where nothing emulates that.
int run_image_open(struct arena *arena, const struct run_opts *opts, const struct facts *facts,
		   const char *root, bool only_tells, struct engine_image *ret_image);

// Tells the directories of its layers in a specification that was made of it, as the id maps are
// known by then; unless `only_tells`, those that are not unpacked for these are.
int run_image_layers(struct arena *arena, const struct engine_image *image, const char *root,
		     bool only_tells, struct box_spec *spec);

// For --rmi: lets go of the image and removes it as `tare rmi` does.
int run_image_remove(struct arena *arena, const struct engine_image *image,
		     const struct roots *roots);
