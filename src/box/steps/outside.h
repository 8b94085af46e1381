// SPDX-License-Identifier: Apache-2.0
// outside.h - whose files are whose, as MID counts
//
// For MID: system calls only, bare negative errnos.
#pragma once

#include "box/steps/walk.h"

enum { NO_ID = -1 }; // what has no number; chown(2) leaves it as it is

// The id outside that an id inside stands for, or NO_ID.
uint32_t outside_id(const struct id_map *map, size_t n, uint32_t inside);

// Gives a file to the container's root.
int outside_own(const struct walk *walk, int fd);

// Gives an overlay's directory for changes to who owns the layer's top directory. `mapped`: the
// layer's ids are those of the inside.
int outside_own_upper(const struct walk *walk, const char *layer, const char *upper, bool mapped);
