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
//
// With nomap he has no number inside, and the range begins at 0. --uidmap and --gidmap say it range
// by range, --subuidname and --subgidname whose ranges of those files are taken, one after the
// other. With auto the container gets ids that no other has that runs: root's come from the ranges
// of a user called "containers", as with Podman, an ordinary user's from his own.
#include "engine/ids/idmap.h"

#include "base/fail.h"
#include "engine/ids/idmap_option.h"
#include "engine/subordinate.h"

enum { AUTO_SIZE = 65536 }; // ids, where nothing is said

// What maps are made of.
struct making {
	struct arena *arena;
	const struct run_opts *opts;
	const struct facts *facts;
	const struct engine_place *place;
	const struct userns *userns;
};

// One of the two maps that a user namespace has.
struct kind {
	bool users;
	const char *file; // of subordinate ids
	const char *option;
	const char *name_option;
};

static const struct kind kinds[] = {
	{true, "subuid", "--uidmap", "--subuidname"},
	{false, "subgid", "--gidmap", "--subgidname"},
};

static bool has_ranges(const struct facts *facts)
{
	return facts->subuid.count && facts->subgid.count && facts->newuidmap && facts->newgidmap;
}

static void add(struct idmap *map, uint32_t inside, uint32_t outside, uint32_t size)
{
	if (size)
		map->item[map->n++] = (struct oci_id_map){inside, outside, size};
}

// `own` is the caller's number outside, `inside` the one he gets.
static struct idmap make(struct arena *arena, uint32_t own, uint32_t inside,
			 struct facts_id_range range)
{
	struct idmap map = {arena_array(arena, struct oci_id_map, 3), 0};
	uint32_t below = min_of(inside, range.count);
	uint32_t above = min_of(range.count - below, UINT32_MAX - 1 - inside);
	add(&map, 0, range.first, below);
	add(&map, inside, own, 1);
	add(&map, inside + 1, range.first + below, above);
	return map;
}

static struct facts_id_range range_of(const struct facts *facts, bool users)
{
	static const struct facts_id_range none = {0};
	return !has_ranges(facts) ? none : users ? facts->subuid : facts->subgid;
}

static uint32_t own_id(const struct facts *facts, bool users)
{
	return users ? facts->uid : facts->gid;
}

static struct idmap usual(struct arena *arena, const struct facts *facts, bool users)
{
	return make(arena, own_id(facts, users), 0, range_of(facts, users));
}

static struct idmap keep_id(const struct making *making, bool users)
{
	const struct userns *userns = making->userns;
	int64_t asked = users ? userns->uid : userns->gid;
	uint32_t own = own_id(making->facts, users);
	struct facts_id_range range = range_of(making->facts, users);
	if (userns->size)
		range.count = min_of(range.count, userns->size - 1);
	return make(making->arena, own, asked < 0 ? own : (uint32_t)asked, range);
}

static int no_ranges(const char *what)
{
	fail(-EPERM, "%s: it takes ids beside your own", what);
	fail_hint("that needs newuidmap (package uidmap) and lines for you in /etc/subuid and "
		  "/etc/subgid");
	return -EPERM;
}

static int nomap(const struct making *making, bool users, struct idmap *ret_map)
{
	struct facts_id_range range = range_of(making->facts, users);
	struct idmap map = {arena_new(making->arena, struct oci_id_map), 0};
	if (!range.count)
		return no_ranges("--userns nomap");
	add(&map, 0, range.first, range.count);
	*ret_map = map;
	return 0;
}

// One option stands for both maps.
static int by_options(const struct making *making, const struct kind *kind, struct idmap *ret_map)
{
	const struct run_opts *opts = making->opts;
	const struct oci_strings *mine = kind->users ? &opts->uidmap : &opts->gidmap;
	const struct oci_strings *other = kind->users ? &opts->gidmap : &opts->uidmap;
	const char *flag = mine->n ? kind->option : kinds[kind->users].option;
	struct idmap own = usual(making->arena, making->facts, kind->users);
	TRY(idmap_of_options(making->arena, flag, mine->n ? mine : other,
			     making->facts->uid ? &own : NULL, kind->users, ret_map));
	if (!ret_map->n && making->facts->uid)
		*ret_map = own;
	if (ret_map->n)
		return 0;
	return fail(-EINVAL, "%s: the container has no %s", flag, kind->users ? "users" : "groups");
}

static int by_names(const struct making *making, const struct kind *kind, struct idmap *ret_map)
{
	const struct run_opts *opts = making->opts;
	const char *mine = kind->users ? opts->subuidname : opts->subgidname;
	const char *other = kind->users ? opts->subgidname : opts->subuidname;
	const char *flag = mine ? kind->name_option : kinds[kind->users].name_option;
	struct subordinate ranges;
	struct idmap map = idmap_new(making->arena);
	uint32_t inside = 0;
	TRY(subordinate_find(making->arena, making->place->etc, kind->file, flag,
			     mine ? mine : other, &ranges));
	for (size_t i = 0; i < ranges.n && i < IDMAP_PARTS_MAX; i++) {
		uint32_t count = min_of(ranges.item[i].count, UINT32_MAX - 1 - inside);
		add(&map, inside, ranges.item[i].first, count);
		inside += count;
	}
	*ret_map = map;
	return 0;
}

static int pool_of(const struct making *making, const struct kind *kind,
		   struct subordinate *ret_pool)
{
	struct facts_id_range *own = arena_new(making->arena, struct facts_id_range);
	if (!making->facts->uid)
		return subordinate_find(making->arena, making->place->etc, kind->file,
					"--userns auto", "containers", ret_pool);
	*own = range_of(making->facts, kind->users);
	*ret_pool = (struct subordinate){own, 1};
	return own->count ? 0 : no_ranges("--userns auto");
}

static int chosen(const struct making *making, const struct kind *kind, struct idmap *ret_map)
{
	const struct userns *userns = making->userns;
	const struct oci_strings *fixed = kind->users ? &userns->uidmapping : &userns->gidmapping;
	const char *flag = kind->users ? "--userns auto:uidmapping" : "--userns auto:gidmapping";
	struct idmap map = idmap_new(making->arena);
	struct idmap own = usual(making->arena, making->facts, kind->users), given;
	struct subordinate pool;
	uint32_t first, size = userns->size ? userns->size : AUTO_SIZE;
	TRY(pool_of(making, kind, &pool));
	TRY(subordinate_choose(&pool,
			       kind->users ? &making->place->used_uids : &making->place->used_gids,
			       kind->file, &size, !userns->size, &first));
	add(&map, 0, first, size);
	TRY(idmap_of_options(making->arena, flag, fixed, making->facts->uid ? &own : NULL,
			     kind->users, &given));
	for (size_t i = 0; i < given.n; i++)
		TRY(idmap_insert(&map, given.item[i]));
	*ret_map = map;
	return 0;
}

static int make_one(const struct making *making, const struct kind *kind, struct idmap *ret_map)
{
	const struct run_opts *opts = making->opts;
	switch (making->userns->mode) {
	case USERNS_NOMAP:
		return nomap(making, kind->users, ret_map);
	case USERNS_AUTO:
		return chosen(making, kind, ret_map);
	case USERNS_KEEP_ID:
		*ret_map = keep_id(making, kind->users);
		return 0;
	case USERNS_PRIVATE:
		if (opts->uidmap.n || opts->gidmap.n)
			return by_options(making, kind, ret_map);
		if (opts->subuidname || opts->subgidname)
			return by_names(making, kind, ret_map);
		break;
	case USERNS_USUAL:
	case USERNS_HOST:
		break;
	}
	*ret_map = usual(making->arena, making->facts, kind->users);
	return 0;
}

static int check_root(const struct idmap *map, const char *what)
{
	if (idmap_has(map->item, map->n, 0))
		return 0;
	fail(-EINVAL, "id maps: the container has no %s 0", what);
	fail_hint("who sets it up is its root: map 0, as 0:100000:1");
	return -EINVAL;
}

int idmap_make(struct arena *arena, const struct run_opts *opts, const struct facts *facts,
	       const struct engine_place *place, const struct userns *userns,
	       struct oci_linux *linux_)
{
	const struct making making = {arena, opts, facts, place, userns};
	struct idmap users, groups;
	TRY(make_one(&making, &kinds[0], &users));
	TRY(make_one(&making, &kinds[1], &groups));
	TRY(userns->mode == USERNS_KEEP_ID ? 0 : check_root(&users, "user"));
	TRY(userns->mode == USERNS_KEEP_ID ? 0 : check_root(&groups, "group"));
	linux_->uid_mappings = users.item;
	linux_->uid_mappings_n = users.n;
	linux_->gid_mappings = groups.item;
	linux_->gid_mappings_n = groups.n;
	return 0;
}

void idmap_usual(struct arena *arena, const struct facts *facts, struct oci_linux *linux_)
{
	struct idmap users = usual(arena, facts, true), groups = usual(arena, facts, false);
	linux_->uid_mappings = users.item;
	linux_->uid_mappings_n = users.n;
	linux_->gid_mappings = groups.item;
	linux_->gid_mappings_n = groups.n;
}

bool idmap_has(const struct oci_id_map *maps, size_t n, uint32_t container_id)
{
	for (size_t i = 0; i < n; i++)
		if (container_id >= maps[i].container_id &&
		    container_id - maps[i].container_id < maps[i].size)
			return true;
	return false;
}
