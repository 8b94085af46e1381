// SPDX-License-Identifier: Apache-2.0
// read.h - from a manifest to the config and the layers it names
#pragma once

#include "image/image.h"
#include "image/source.h"

// Reads manifest and config. The layers' `tar` stays empty. Both documents must be what their
// descriptors say they are, and the number of layers that of the config's diff ids.
int image_read(struct arena *arena, struct image_source *source,
	       const struct oci_descriptor *manifest, struct image *ret_image);
