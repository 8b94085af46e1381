// SPDX-License-Identifier: Apache-2.0
// image_map.h - with which ids the layers of images are unpacked
#pragma once

#include "kern/facts.h"
#include "oci/spec.h"
#include "store/layer_map.h"

// For a container with these id maps. NULL: with the caller's own.
const struct store_map *image_map(struct arena *arena, const struct oci_linux *linux_);

// For the containers that the caller usually runs: without --userns and its like.
const struct store_map *image_map_usual(struct arena *arena, const struct facts *facts);
