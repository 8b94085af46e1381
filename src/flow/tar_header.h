// SPDX-License-Identifier: Apache-2.0
// tar_header.h - the block before each entry of a tar archive
#pragma once

#include "base/str.h"

enum tar_format {
	TAR_V7,    // Version 7 of Unix: no magic word, no prefix
	TAR_USTAR, // POSIX, with pax records or without
	TAR_GNU,   // GNU tar before it wrote POSIX, and still by default
};

struct tar_header {
	const char *block; // its bytes
	enum tar_format format;
	char type;         // ustar's letter
	struct str prefix; // stands before the name, with a slash between; or empty
	struct str name;
	struct str link;
	bool has_size; // the field is not empty
	uint64_t size; // bytes of content that follow
};

struct tar_header_numbers {
	uint32_t mode; // permission bits with set-id and sticky: 07777
	uint32_t uid;
	uint32_t gid;
	int64_t mtime;
	uint32_t major;
	uint32_t minor;
};

// Reads a block that is not all zeros. `place` is where it stands in the archive, for messages.
int tar_header_read(const char *block, uint64_t place, struct tar_header *ret_header);

// Reads the numbers that entries have, but not every header. Returns 0 or -EINVAL, not worded.
int tar_header_numbers(const struct tar_header *header, struct tar_header_numbers *ret_numbers);

// Where GNU tar's own kind of sparse file keeps its map: in the header, and in blocks that follow
// it while the last one says so.
enum { TAR_GNU_SEGMENTS = 4, TAR_GNU_MORE_SEGMENTS = 21 };

// Reads segment `i` of a header (`more` false) or of a following block. Returns 0, -ENOENT when
// there is none, or -EINVAL.
int tar_gnu_segment(const char *block, bool more, size_t i, uint64_t *ret_at, uint64_t *ret_n);
bool tar_gnu_has_more(const char *block, bool more);

// The length of the file that the header of a sparse file tells. Returns 0 or -EINVAL.
int tar_gnu_real_size(const char *block, uint64_t *ret_size);
