// SPDX-License-Identifier: Apache-2.0
// name_index.h - the two files that make the store a layout for other tools
#pragma once

#include "store/name.h"

// Writes index.json, whole, and oci-layout where it is missing, in the directory. Above its limit,
// which some 16,000 names reach, -EFBIG: the file stays as it was.
int name_index_write(struct arena *arena, int directory, const struct store_images *names,
		     const struct store_images *ids);
