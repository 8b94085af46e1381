// SPDX-License-Identifier: Apache-2.0
// collect.h - removing from the store what no image has
#pragma once

#include "base/arena.h"
#include "oci/lists.h"

struct store_needed {
	struct oci_strings blobs;  // digests, in any order, some of them twice
	struct oci_strings layers; // diff ids, likewise
};

// Removes all blobs and unpacked layers but those, and what killed processes left: temporary files,
// trees and locks. To be called with the store's lock held exclusively (store/name.h): what
// somebody is just putting there has no image yet. What is not of our making stays. Returns 0 or
// the first error, having removed what could be removed.
int store_collect(struct arena *arena, const char *store, const struct store_needed *needed);
