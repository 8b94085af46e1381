// SPDX-License-Identifier: Apache-2.0
// image_filter.h - which images tare images lists
#pragma once

#include "base/opt.h"
#include "engine/images/images.h"

struct image_filter {
	struct opt_list filters; // KEY=VALUE each
	const char *name;        // of the argument: a repository or a name; NULL: all
	int64_t before;          // created before that; 0: not asked
	int64_t since;           // likewise after
};

// Checks the filters' keys and values.
int image_filter_parse(struct arena *arena, const struct opt_list *filters, const char *name,
		       struct image_filter *ret_filter);

// Finds the images that before= and since= name.
int image_filter_places(struct arena *arena, const struct roots *roots,
			const struct image_row *images, size_t n, struct image_filter *filter);

// Those of one key are alternatives, but for labels; those of different keys all hold.
bool image_filter_takes(struct arena *arena, const struct image_filter *filter,
			const struct image_row *image);
