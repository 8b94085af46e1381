// SPDX-License-Identifier: Apache-2.0
// tar_pax.h - the records that say what a ustar header has no room for
#pragma once

#include "base/arena.h"
#include "base/str.h"

struct tar_pax {         // p NULL, or -1: the header's own value holds
	struct str path; // checked by whoever uses it
	struct str link; // likewise
	int64_t size;    // bytes of content
	int64_t uid;
	int64_t gid;
	int64_t mtime;     // seconds, when has_mtime
	uint32_t mtime_ns; // nanoseconds
	bool has_mtime;
};

// Reads the records. `place` names the archive's place in messages. Returns 0 or an error.
int tar_pax_parse(struct str records, size_t place, struct tar_pax *ret_pax);
