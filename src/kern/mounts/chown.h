// SPDX-License-Identifier: Apache-2.0
// chown.h - giving a whole tree to another owner
#pragma once

enum { CHOWN_DEPTH_MAX = 128 }; // directories below each other

// Gives what `top` (a descriptor of any kind, O_PATH too) is open on, and all below it, to user and
// group. Symbolic links themselves are given away, not followed; what is mounted below is left as
// it is. Who has the right owner is not touched. May be called in a container's first process.
// Returns 0 or a negative errno: -EMLINK where directories lie deeper than CHOWN_DEPTH_MAX.
int chown_tree(int top, uint32_t uid, uint32_t gid);
