// SPDX-License-Identifier: Apache-2.0
// idmap.c - which numbers the users of a container have outside
//
// A user namespace has its own numbering of users: the map says which number inside is which
// number outside. Anyone may map one number, his own; more takes a range that root set aside for
// him in /etc/subuid and /etc/subgid, and the set-uid programs newuidmap and newgidmap, which
// check it. Usually the caller is root inside, with the range above him:
//
//	inside  0        1 … 65536
//	outside 1000     100000 … 165535
//
// With keep-id the caller keeps his number N, and the range fills what is below and above it:
//
//	inside  0 … N-1          N        N+1 … 65536
//	outside 100000 …         N        100000+N … 165535
#include "engine/idmap.h"

static bool has_ranges(const struct facts *facts)
{
	return facts->subuid.count && facts->subgid.count && facts->newuidmap && facts->newgidmap;
}

static void add(struct oci_id_map *maps, size_t *n, uint32_t inside, uint32_t outside,
		uint32_t size)
{
	if (size)
		maps[(*n)++] = (struct oci_id_map){inside, outside, size};
}

// `own` is the caller's number outside, `inside` the one he gets.
static struct oci_id_map *make(struct arena *arena, uint32_t own, uint32_t inside,
			       struct facts_id_range range, size_t *ret_n)
{
	struct oci_id_map *maps = arena_array(arena, struct oci_id_map, 3);
	uint32_t below = min_of(inside, range.count);
	uint32_t above = min_of(range.count - below, UINT32_MAX - 1 - inside);
	size_t n = 0;
	add(maps, &n, 0, range.first, below);
	add(maps, &n, inside, own, 1);
	add(maps, &n, inside + 1, range.first + below, above);
	*ret_n = n;
	return maps;
}

void idmap_make(struct arena *arena, const struct facts *facts, bool keep_id,
		struct oci_linux *linux_)
{
	static const struct facts_id_range none = {0};
	bool ranges = has_ranges(facts);
	linux_->uid_mappings = make(arena, facts->uid, keep_id ? facts->uid : 0,
				    ranges ? facts->subuid : none, &linux_->uid_mappings_n);
	linux_->gid_mappings = make(arena, facts->gid, keep_id ? facts->gid : 0,
				    ranges ? facts->subgid : none, &linux_->gid_mappings_n);
}

bool idmap_has(const struct oci_id_map *maps, size_t n, uint32_t container_id)
{
	for (size_t i = 0; i < n; i++)
		if (container_id >= maps[i].container_id &&
		    container_id - maps[i].container_id < maps[i].size)
			return true;
	return false;
}
