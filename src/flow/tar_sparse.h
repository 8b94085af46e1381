// SPDX-License-Identifier: Apache-2.0
// tar_sparse.h - files with holes, in the four ways that archives tell of them
#pragma once

#include "flow/tar.h"
#include "flow/tar_header.h"

// Whether header or records speak of a sparse file.
bool tar_sparse_is(const struct tar_header *header, const struct tar *tar);

// Reads where the content belongs, from wherever it stands: the header, blocks that follow it, the
// records, or the beginning of the content itself. `tar->left` is what the size was said to be;
// what the map takes of it is subtracted. Checks that the segments are in order, lie in the file
// and are as long together as the content. Returns 0 or an error with `path` in its words.
int tar_sparse_read(struct tar *tar, const struct tar_header *header, const char *path,
		    uint64_t *ret_real_size);
