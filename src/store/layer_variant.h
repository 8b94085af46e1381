// SPDX-License-Identifier: Apache-2.0
// layer_variant.h - layers that are not the same over every other
#pragma once

#include "oci/lists.h"

// A name of a layer in its directory: "<hex>", "<hex>-0", "<hex>-1", … and their records.
enum { LAYER_VARIANTS_MAX = 256, LAYER_VARIANT_NAME = 64 + 16 };

// Finds the variant of a layer that was unpacked over these lower directories. `layers` is the
// directory where all of one map are. Returns 0 or LAYER_VARIANT_NONE.
enum { LAYER_VARIANT_NONE = 1 };
int layer_variant_find(struct arena *arena, int layers, const char *hex,
		       const struct oci_strings *lowers, const char **ret_name);

// Chooses the name of a new one, with the layer's lock held: what lies there is garbage.
int layer_variant_choose(struct arena *arena, int layers, const char *hex, const char **ret_name);

// Makes the variant count, after its directory is there.
int layer_variant_record(struct arena *arena, int layers, const char *name,
			 const struct oci_strings *lowers);

// Makes it count no more.
void layer_variant_forget(struct arena *arena, int layers, const char *name);
