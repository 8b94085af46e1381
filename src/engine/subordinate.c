// SPDX-License-Identifier: Apache-2.0
// subordinate.c - ranges of ids that /etc/subuid and /etc/subgid give to somebody
//
// A line is NAME:FIRST:COUNT. An administrator gives ranges to users for the containers of theirs;
// root may use any id, but takes those that the files give to somebody, so that nobody else does.
#include "engine/subordinate.h"

#include "base/fail.h"
#include "base/fd.h"
#include "kern/namespaces/idmap.h"

#include <fcntl.h>

static int by_first(const void *a, const void *b)
{
	const struct facts_id_range *one = a, *other = b;
	return (one->first > other->first) - (one->first < other->first);
}

int subordinate_find(struct arena *arena, const char *etc, const char *file, const char *flag,
		     const char *name, struct subordinate *ret_ranges)
{
	const char *path = arena_printf(arena, "%s/%s", etc, file);
	struct str text = {0};
	struct subordinate ranges;
	int error = file_read(arena, AT_FDCWD, path, IDMAP_FILE_MAX, &text);
	if (error && error != -ENOENT)
		return fail_sys(error, "read '%s'", path);
	idmap_ranges(arena, text, name, &ranges.item, &ranges.n);
	if (!ranges.n) {
		fail(-ENOENT, "%s: /etc/%s gives no ids to '%s'", flag, file, name);
		fail_hint("a line such as %s:1000000:1048576 there does", name);
		return -ENOENT;
	}
	qsort(ranges.item, ranges.n, sizeof(*ranges.item), by_first);
	*ret_ranges = ranges;
	return 0;
}

static uint64_t end_of(const struct facts_id_range *range)
{
	return (uint64_t)range->first + range->count;
}

// The first free id of the range from `id` on, or its end.
static uint64_t skip_used(const struct facts_id_range *range, const struct subordinate *used,
			  uint64_t id)
{
	for (bool moved = true; moved && id < end_of(range);) {
		moved = false;
		for (size_t i = 0; i < used->n; i++) {
			if (id < used->item[i].first || id >= end_of(&used->item[i]))
				continue;
			id = end_of(&used->item[i]);
			moved = true;
		}
	}
	return min_of(id, end_of(range));
}

static uint64_t free_from(const struct facts_id_range *range, const struct subordinate *used,
			  uint64_t id)
{
	uint64_t end = end_of(range);
	for (size_t i = 0; i < used->n; i++)
		if (used->item[i].first > id)
			end = min_of(end, (uint64_t)used->item[i].first);
	return end - id;
}

int subordinate_choose(const struct subordinate *pool, const struct subordinate *used,
		       const char *file, uint32_t *size, bool less, uint32_t *ret_first)
{
	uint64_t best = 0, best_first = 0;
	for (size_t i = 0; i < pool->n; i++) {
		const struct facts_id_range *range = &pool->item[i];
		for (uint64_t id = range->first;
		     (id = skip_used(range, used, id)) < end_of(range);) {
			uint64_t n = free_from(range, used, id);
			if (n > best && best < *size) {
				best = n;
				best_first = id;
			}
			id += n;
		}
	}
	if (!best || (best < *size && !less)) {
		fail(-EAGAIN, "--userns auto: no %u ids in a row are free in /etc/%s", *size, file);
		fail_hint("containers that run have the others; size= takes fewer");
		return -EAGAIN;
	}
	*size = (uint32_t)min_of((uint64_t)*size, best);
	*ret_first = (uint32_t)best_first;
	return 0;
}
