// SPDX-License-Identifier: Apache-2.0
// unpack.h - a layer's tar into a directory
#pragma once

#include "base/arena.h"
#include "base/str.h"

// Makes all entries of the archive in the empty directory `top` and syncs them to disk. Owners are
// set if `owners` (that takes root). No symbolic link is ever followed, whatever the archive says.
// After an error the directory holds a part of the layer.
int unpack_layer(struct arena *arena, int top, struct str tar, bool owners);
