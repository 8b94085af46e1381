// SPDX-License-Identifier: Apache-2.0
// layer_map.h - the id map that a layer was unpacked with, as a part of its directory's name
#pragma once

#include "base/arena.h"
#include "oci/spec.h"

// The user namespace that containers over the layer will have. NULL stands for the caller's own
// ids: as root each is itself, and an ordinary user has only himself.
struct store_map {
	const struct oci_id_map *uid;
	size_t uid_n;
	const struct oci_id_map *gid;
	size_t gid_n;
};

// "sha256" for NULL, else "sha256.0-1000-1_1-100000-65536": container id, host id, how many; the
// groups' map follows behind another dot where it is not the same. An error for a map whose name
// were longer than a file's may be.
int layer_map_name(struct arena *arena, const struct store_map *map, const char **ret_name);

// The two maps as arguments of tare-unpack.
struct layer_map_arguments {
	const char *uids; // "0:1000:1,1:100000:65536", or "same"
	const char *gids;
};
struct layer_map_arguments layer_map_arguments(struct arena *arena, const struct store_map *map);

// The same from the directory's name. Returns 0, or -EINVAL, without words, for a name that is none
// of ours.
int layer_map_arguments_of(struct arena *arena, const char *name,
			   struct layer_map_arguments *ret_arguments);

// What container id 0 is on the host: who owns a layer's directories while it is unpacked. False
// when it is nobody.
bool layer_map_root(const struct store_map *map, uint32_t *ret_uid, uint32_t *ret_gid);
