// SPDX-License-Identifier: Apache-2.0
// tar_pax.h - the records that say what a tar header has no room for
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum {
	TAR_PAX_MAX = 1 << 20,       // bytes of pax records before one entry, or of global ones
	TAR_XATTRS_MAX = 64,         // extended attributes of one entry
	TAR_XATTR_NAME_MAX = 255,    // bytes of a name: the kernel's limit, as the next
	TAR_XATTR_VALUE_MAX = 65536, // bytes of a value
	TAR_SEGMENTS_MAX = 1 << 18,  // pieces of a sparse file
};

struct tar_room { // memory that is used again for each entry
	char *p;
	size_t n;
};

// Gives at least `n` bytes, not those of before.
char *tar_room_get(struct arena *arena, struct tar_room *room, size_t n);

struct tar_segment { // a part of a sparse file that is not a hole
	uint64_t at;
	uint64_t n;
};

struct tar_sparse {
	struct tar_segment *segments;
	size_t n;
	size_t room; // how many there may be before it grows
};

// Adds a segment. Returns 0, or -EFBIG when there are too many.
int tar_sparse_add(struct arena *arena, struct tar_sparse *sparse, uint64_t at, uint64_t n);

struct tar_xattr {
	struct str name; // "user.thing"
	struct str value;
	unsigned said; // in which forms the header being read said it
};

struct tar_pax {         // a number is -1 and a text NULL where nothing was said
	struct str path; // checked by whoever uses it, as all texts
	struct str link;
	struct str sparse_name; // takes the place of path
	struct str sparse_map;  // "at,n,at,n": version 0.1 of sparse files
	int64_t size;           // bytes of content
	int64_t uid;
	int64_t gid;
	int64_t real_size;     // of a sparse file
	int64_t sparse_blocks; // how many segments the map has: versions 0.0 and 0.1
	int64_t sparse_major;  // its version
	int64_t sparse_minor;
	int64_t sparse_at; // the offset of a segment whose length has not come yet: 0.0
	int64_t mtime;     // seconds, when has_mtime
	uint32_t mtime_ns; // nanoseconds
	bool has_mtime;
	unsigned left_out; // see tar_entry
	size_t xattrs_n;
	struct tar_xattr xattrs[TAR_XATTRS_MAX];
};

// A tar_pax in which nothing was said.
void tar_pax_init(struct tar_pax *pax);

struct tar_pax_read {
	struct arena *arena;
	uint64_t place;            // in the archive, for messages
	bool global;               // the header is of all entries: it may not speak of one alone
	struct tar_sparse *sparse; // where version 0.0 of sparse files puts its segments
	char *spare;               // memory for values in another form: as much as the records have
};

// Reads the records of one header and adds to *pax, or replaces, what they say; *pax points into
// their text then. Returns 0 or an error, after which *pax is of no use.
int tar_pax_parse(const struct tar_pax_read *read, struct str records, struct tar_pax *pax);
