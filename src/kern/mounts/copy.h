// SPDX-License-Identifier: Apache-2.0
// copy.h - copying what is in a directory into another
#pragma once

enum {
	COPY_DEPTH_MAX = 128, // directories below each other
	COPY_LINKS_MAX = 64,  // files with several names that stay one file
};

// Copies all that is below the directory `from` into the empty directory `to`; with `top`, `to`
// gets the owner, mode and times of `from`. Files of every kind are copied, with owners, modes,
// times, holes, extended attributes where `to` takes them, and hard links among them. What is
// mounted below `from` is left out. Both are open for reading. May be called in a container's first
// process. Returns 0 or a negative errno: -EMLINK where directories lie deeper than COPY_DEPTH_MAX.
int copy_tree(int from, int to, bool top);
