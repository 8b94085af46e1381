// SPDX-License-Identifier: Apache-2.0
// idmap.h - which numbers the users of a container have outside
#pragma once

#include "kern/facts.h"
#include "oci/spec.h"

// Fills the maps of the user namespace that an ordinary user's container always has.
void idmap_make(struct arena *arena, const struct facts *facts, bool keep_id,
		struct oci_linux *linux_);

// Whether the id exists in a namespace with these maps.
bool idmap_has(const struct oci_id_map *maps, size_t n, uint32_t container_id);
