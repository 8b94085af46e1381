// SPDX-License-Identifier: Apache-2.0
// image_map.c - with which ids the layers of images are unpacked
//
// The files of a layer have owners, by the numbers that they have inside of a container. On disk
// they get those that the container's user namespace makes of them, so a layer is unpacked once for
// each map it is run with. Root's usual containers have no user namespace, and somebody who has but
// one id has only that to give.
#include "engine/images/image_map.h"

#include "engine/ids/idmap.h"

static bool is_single(const struct oci_id_map *maps, size_t n)
{
	return n == 1 && maps[0].size == 1;
}

const struct store_map *image_map(struct arena *arena, const struct oci_linux *linux_)
{
	if (!linux_->uid_mappings_n)
		return NULL;
	if (is_single(linux_->uid_mappings, linux_->uid_mappings_n) &&
	    is_single(linux_->gid_mappings, linux_->gid_mappings_n))
		return NULL;
	struct store_map *map = arena_new(arena, struct store_map);
	*map = (struct store_map){linux_->uid_mappings, linux_->uid_mappings_n,
				  linux_->gid_mappings, linux_->gid_mappings_n};
	return map;
}

const struct store_map *image_map_usual(struct arena *arena, const struct facts *facts)
{
	struct oci_linux *linux_ = arena_new(arena, struct oci_linux);
	if (facts->uid)
		idmap_usual(arena, facts, linux_);
	return image_map(arena, linux_);
}
