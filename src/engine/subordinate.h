// SPDX-License-Identifier: Apache-2.0
// subordinate.h - ranges of ids that /etc/subuid and /etc/subgid give to somebody
#pragma once

#include "kern/facts.h"
#include "oci/spec.h"

// Ranges, the lowest first.
struct subordinate {
	struct facts_id_range *item;
	size_t n;
};

// All that the file ("subuid" in the directory `etc`) gives to `name`, which the flag named. None
// is an error.
int subordinate_find(struct arena *arena, const char *etc, const char *file, const char *flag,
		     const char *name, struct subordinate *ret_ranges);

// The lowest *size ids in a row that lie in the pool and are not used. `less`: take what there is,
// if nowhere there are so many. The file is named in the error.
int subordinate_choose(const struct subordinate *pool, const struct subordinate *used,
		       const char *file, uint32_t *size, bool less, uint32_t *ret_first);
