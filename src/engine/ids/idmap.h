// SPDX-License-Identifier: Apache-2.0
// idmap.h - which numbers the users of a container have outside
#pragma once

#include "engine/place.h"
#include "engine/ids/userns.h"
#include "kern/facts.h"
#include "oci/spec.h"

// Fills the maps of a container's new user namespace. What they are made of beside the options:
// the facts on an ordinary user, and of the place the files of subordinate ids and the ids in use.
int idmap_make(struct arena *arena, const struct run_opts *opts, const struct facts *facts,
	       const struct engine_place *place, const struct userns *userns,
	       struct oci_linux *linux_);

// Those that an ordinary user's container has where nothing is said.
void idmap_usual(struct arena *arena, const struct facts *facts, struct oci_linux *linux_);

// Whether the id exists in a namespace with these maps.
bool idmap_has(const struct oci_id_map *maps, size_t n, uint32_t container_id);
