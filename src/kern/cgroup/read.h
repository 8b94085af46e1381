// SPDX-License-Identifier: Apache-2.0
// read.h - numbers out of a cgroup's files
#pragma once

#include "base/arena.h"

// The number in the file, or, with a key, behind the key in a file of "key number" lines.
// UINT64_MAX when the file, the key or a number is not there, which older kernels are free to lack.
uint64_t cgroup_read(struct arena *arena, const char *directory, const char *file, const char *key);
