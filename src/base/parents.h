// SPDX-License-Identifier: Apache-2.0
// parents.h - directories, with those above them
#pragma once

#include "base/arena.h"

#include <sys/types.h>

// Makes those that are missing, from the top: what comes before the last slash of an absolute path.
// For whoever was told ENOENT when he made the path itself. Returns 0 or a negative errno.
int parents_make(const char *path, mode_t mode);

// The same with the path itself; that it is there already is fine.
int parents_make_with(const char *path, mode_t mode);

// The last directory on the way to `path` that is there; "." where a relative one begins with none.
const char *parents_existing(struct arena *arena, const char *path);
