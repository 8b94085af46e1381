// SPDX-License-Identifier: Apache-2.0
// remove.h - taking away a directory with all that is in it
#pragma once

// Removes the directory `name` in `parent` and everything below it. Symbolic links are removed and
// not followed, other file systems are not entered (-EXDEV), and the depth of the tree does not
// matter. What is already gone is fine. Returns 0 or the first negative errno, having removed what
// could be removed.
int remove_tree(int parent, const char *name);
