// SPDX-License-Identifier: Apache-2.0
// run_image.c - the image that a run names
#include "engine/run_image.h"

#include "base/fail.h"

int run_image_open(struct arena *arena unused_, const char *name, const char *root unused_,
		   bool only_tells unused_, struct engine_image *ret_image unused_)
{
	return fail(-ENOENT, "image '%s': not there", name);
}
