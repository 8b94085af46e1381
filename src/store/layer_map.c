// SPDX-License-Identifier: Apache-2.0
// layer_map.c - the id map that a layer was unpacked with
//
// The files of a layer have owners, and in a user namespace an owner is another number on disk. So
// a layer is unpacked anew for each map, and a map's layers have a directory of their own, whose
// name is the map. Whoever finds such a directory can read from its name who may remove what is in
// it: an ordinary user's subordinate ids own files that he himself can't touch.
#include "store/layer_map.h"

#include "base/buf.h"
#include "base/fail.h"

#include <limits.h>
#include <unistd.h>

#define PLAIN "sha256"

static void add_map(struct buf *out, const struct oci_id_map *map, size_t n, char colon, char comma)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_putc(out, comma);
		buf_printf(out, "%u%c%u%c%u", map[i].container_id, colon, map[i].host_id, colon,
			   map[i].size);
	}
}

static bool same_maps(const struct store_map *map)
{
	if (map->uid_n != map->gid_n)
		return false;
	for (size_t i = 0; i < map->uid_n; i++)
		if (map->uid[i].container_id != map->gid[i].container_id ||
		    map->uid[i].host_id != map->gid[i].host_id ||
		    map->uid[i].size != map->gid[i].size)
			return false;
	return true;
}

int layer_map_name(struct arena *arena, const struct store_map *map, const char **ret_name)
{
	struct buf name = buf_new(arena, NAME_MAX);
	buf_puts(&name, PLAIN);
	if (map) {
		buf_putc(&name, '.');
		add_map(&name, map->uid, map->uid_n, '-', '_');
	}
	if (map && !same_maps(map)) {
		buf_putc(&name, '.');
		add_map(&name, map->gid, map->gid_n, '-', '_');
	}
	if (name.over)
		return fail(-E2BIG, "layers: no more than about ten ranges of ids can be mapped");
	*ret_name = name.p;
	return 0;
}

struct layer_map_arguments layer_map_arguments(struct arena *arena, const struct store_map *map)
{
	struct buf uids = buf_new(arena, 4096), gids = buf_new(arena, 4096);
	if (map) {
		add_map(&uids, map->uid, map->uid_n, ':', ',');
		add_map(&gids, map->gid, map->gid_n, ':', ',');
	} else if (geteuid() == 0) {
		buf_puts(&uids, "same");
		buf_puts(&gids, "same");
	} else {
		buf_printf(&uids, "0:%u:1", geteuid());
		buf_printf(&gids, "0:%u:1", getegid());
	}
	return (struct layer_map_arguments){uids.p, gids.p};
}

static const char *respell(struct arena *arena, struct str text)
{
	char *copy = arena_dup_n(arena, text.p, text.n);
	for (char *p = copy; *p; p++)
		*p = *p == '-' ? ':' : *p == '_' ? ',' : *p;
	return copy;
}

int layer_map_arguments_of(struct arena *arena, const char *name,
			   struct layer_map_arguments *ret_arguments)
{
	struct str rest = str_of(name);
	struct str plain = str_cut(&rest, '.');
	if (!str_is(plain, PLAIN))
		return -EINVAL;
	if (!rest.p) {
		*ret_arguments = layer_map_arguments(arena, NULL);
		return 0;
	}
	struct str uids = str_cut(&rest, '.');
	*ret_arguments = (struct layer_map_arguments){
		respell(arena, uids),
		respell(arena, rest.p ? rest : uids),
	};
	return 0;
}

static bool find_root(const struct oci_id_map *map, size_t n, uint32_t *ret_id)
{
	for (size_t i = 0; i < n; i++) {
		if (map[i].container_id == 0 && map[i].size) {
			*ret_id = map[i].host_id;
			return true;
		}
	}
	return false;
}

bool layer_map_root(const struct store_map *map, uint32_t *ret_uid, uint32_t *ret_gid)
{
	*ret_uid = geteuid();
	*ret_gid = getegid();
	return !map || (find_root(map->uid, map->uid_n, ret_uid) &&
			find_root(map->gid, map->gid_n, ret_gid));
}
