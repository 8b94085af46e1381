// SPDX-License-Identifier: Apache-2.0
// idmap_option.h - the values of --uidmap and --gidmap
#pragma once

#include "base/str.h"
#include "oci/spec.h"

enum { IDMAP_PARTS_MAX = 340 }; // ranges of a map: more the kernel does not take

// Ranges of ids, inside and outside, in no order.
struct idmap {
	struct oci_id_map *item; // room for IDMAP_ROOM
	size_t n;
};

// "[FLAGS]INSIDE:FROM[:COUNT]"
struct idmap_part {
	struct oci_id_map map; // host_id is FROM, as it is counted
	bool extends;          // +: it wins over what was said before
	bool host;             // @: FROM is an id of the host
	bool users;            // it is for users: no flag, or u
	bool groups;           // it is for groups: no flag, or g
};

int idmap_part_parse(const char *flag, const char *text, struct idmap_part *ret_part);

// Puts a range into a map, and takes out whatever of both its sides was mapped otherwise. An error
// when there are too many ranges.
int idmap_insert(struct idmap *map, struct oci_id_map range);

// The map that options ask for. `own` says what they count in (container_id) and which id of the
// host each is; NULL: in the host's ids. Where an ordinary user says only what extends, the rest of
// his ids fill what is left. `users`: --uidmap's side of them.
int idmap_of_options(struct arena *arena, const char *flag, const struct oci_strings *texts,
		     const struct idmap *own, bool users, struct idmap *ret_map);

// Room for a map that idmap_insert works on.
struct idmap idmap_new(struct arena *arena);
