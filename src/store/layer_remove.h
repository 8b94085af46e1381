// SPDX-License-Identifier: Apache-2.0
// layer_remove.h - taking layers away, and what killed processes left of them
#pragma once

#include "base/arena.h"

// Removes the dead temporary trees of one map's directory, whose name `map` is. What can't be
// removed waits for the next one.
void layer_sweep(struct arena *arena, int layers, const char *map);
