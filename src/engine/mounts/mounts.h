// SPDX-License-Identifier: Apache-2.0
// mounts.h - all mounts that the options ask for
#pragma once

#include "engine/run_opts.h"
#include "engine/mounts/source.h"

struct mounts_asked {
	struct oci_mount *mounts; // those nearer to the root first, as a mount hides what is below
	size_t n;
	struct source_found found;
};

// Reads -v, --mount and --tmpfs, and looks at the sources; `volumes` are paths where the image
// wants volumes. A destination that stands twice is an error. Sources of anonymous volumes stay
// open.
int mounts_parse(struct arena *arena, const struct engine_place *place, const struct run_opts *opts,
		 const struct oci_strings *volumes, bool ordinary, struct mounts_asked *ret_asked);
