// SPDX-License-Identifier: Apache-2.0
// idmap_option.c - the values of --uidmap and --gidmap
//
// INSIDE:FROM:COUNT, as Podman has it: ids from INSIDE on are those from FROM on. Root counts FROM
// in the host's ids. An ordinary user counts in what he has, one after the other, as in the user
// namespace that rootless Podman stands in:
//
//	0            he himself
//	1 … 65536    his range of /etc/subuid
//
// Flags before it: + takes out what was said before about either side, and where there is nothing
// else an ordinary user's other ids fill the gaps from 0 on; @ means that FROM is the host's
// number; u and g keep it to users, or to groups, where one option stands for both.
#include "engine/ids/idmap_option.h"

#include "base/fail.h"

enum { ROOM = 2 * IDMAP_PARTS_MAX + 8 };

static int bad(const char *flag, const char *text)
{
	fail(-EINVAL, "%s '%.64s': no id map", flag, text);
	fail_hint("it is written INSIDE:FROM:COUNT, as 0:100000:65536; before it may stand + (wins "
		  "over others), @ (the host's number), u (users only), g (groups only)");
	return -EINVAL;
}

int idmap_part_parse(const char *flag, const char *text, struct idmap_part *ret_part)
{
	struct idmap_part part = {0};
	uint64_t inside, from, count = 1;
	struct str rest = str_of(text);
	for (; rest.n && strchr("+ug", *rest.p); rest = (struct str){rest.p + 1, rest.n - 1}) {
		bool *said = *rest.p == '+'   ? &part.extends
			     : *rest.p == 'u' ? &part.users
					      : &part.groups;
		if (*said)
			return bad(flag, text);
		*said = true;
	}
	if (!part.users && !part.groups)
		part.users = part.groups = true;
	struct str first = str_cut(&rest, ':');
	struct str second = str_cut(&rest, ':');
	part.host = second.n && *second.p == '@';
	if (part.host)
		second = (struct str){second.p + 1, second.n - 1};
	if (str_number(first, UINT32_MAX - 1, &inside) || !second.p ||
	    str_number(second, UINT32_MAX - 1, &from) ||
	    (rest.p && str_number(rest, UINT32_MAX - 1, &count)) || !count ||
	    inside + count > UINT32_MAX || from + count > UINT32_MAX)
		return bad(flag, text);
	part.map = (struct oci_id_map){(uint32_t)inside, (uint32_t)from, (uint32_t)count};
	*ret_part = part;
	return 0;
}

struct idmap idmap_new(struct arena *arena)
{
	return (struct idmap){arena_array(arena, struct oci_id_map, ROOM), 0};
}

static int add(struct idmap *map, struct oci_id_map range)
{
	if (map->n == ROOM)
		return fail(-E2BIG, "id maps: more than %d ranges", IDMAP_PARTS_MAX);
	map->item[map->n++] = range;
	return 0;
}

static uint32_t side(const struct oci_id_map *range, bool outside)
{
	return outside ? range->host_id : range->container_id;
}

// A part of a range: `count` ids from its `first` on.
static struct oci_id_map part_of(struct oci_id_map range, uint32_t first, uint32_t count)
{
	return (struct oci_id_map){range.container_id + first, range.host_id + first, count};
}

// Takes [begin, begin + count) of one side out of the map.
static int take_out(struct idmap *map, bool outside, uint32_t begin, uint32_t count)
{
	for (size_t i = 0, n = map->n; i < n; i++) {
		struct oci_id_map range = map->item[i];
		uint64_t at = side(&range, outside), end = at + range.size;
		uint64_t cut = max_of(at, (uint64_t)begin);
		uint64_t cut_end = min_of(end, (uint64_t)begin + count);
		if (cut >= cut_end)
			continue;
		map->item[i] = part_of(range, 0, (uint32_t)(cut - at));
		if (end > cut_end)
			TRY(add(map, part_of(range, (uint32_t)(cut_end - at),
					     (uint32_t)(end - cut_end))));
	}
	return 0;
}

static int by_inside(const void *a, const void *b)
{
	const struct oci_id_map *one = a, *other = b;
	return (one->container_id > other->container_id) -
	       (one->container_id < other->container_id);
}

// Orders them, drops empty ones and joins those that follow each other on both sides.
static void tidy(struct idmap *map)
{
	size_t n = 0;
	qsort(map->item, map->n, sizeof(*map->item), by_inside);
	for (size_t i = 0; i < map->n; i++) {
		struct oci_id_map range = map->item[i];
		struct oci_id_map *last = n ? &map->item[n - 1] : NULL;
		if (!range.size)
			continue;
		if (last && last->container_id + last->size == range.container_id &&
		    last->host_id + last->size == range.host_id)
			last->size += range.size;
		else
			map->item[n++] = range;
	}
	map->n = n;
}

int idmap_insert(struct idmap *map, struct oci_id_map range)
{
	TRY(take_out(map, false, range.container_id, range.size));
	TRY(take_out(map, true, range.host_id, range.size));
	TRY(add(map, range));
	tidy(map);
	return 0;
}

// The first id from `id` on that one side of the map lacks, and how many follow it that it lacks.
static uint32_t find_gap(const struct idmap *map, bool outside, uint32_t id, uint32_t *ret_count)
{
	for (bool moved = true; moved;) {
		moved = false;
		for (size_t i = 0; i < map->n; i++) {
			uint32_t at = side(&map->item[i], outside);
			if (id >= at && id - at < map->item[i].size) {
				id = at + map->item[i].size;
				moved = true;
			}
		}
	}
	uint32_t end = UINT32_MAX;
	for (size_t i = 0; i < map->n; i++) {
		uint32_t at = side(&map->item[i], outside);
		if (at >= id)
			end = min_of(end, at);
	}
	*ret_count = end - id;
	return id;
}

static uint32_t total(const struct idmap *own)
{
	uint32_t n = 0;
	for (size_t i = 0; i < own->n; i++)
		n = max_of(n, own->item[i].container_id + own->item[i].size);
	return n;
}

// Gives ids inside, from 0 on, to whichever of `all` ids are left.
static int fill(struct idmap *map, uint32_t all)
{
	uint32_t inside = 0, outside = 0, free_inside, free_outside;
	for (;;) {
		outside = find_gap(map, true, outside, &free_outside);
		inside = find_gap(map, false, inside, &free_inside);
		if (outside >= all || !free_inside)
			break;
		uint32_t n = min_of(min_of(free_inside, free_outside), all - outside);
		TRY(add(map, (struct oci_id_map){inside, outside, n}));
	}
	tidy(map);
	return 0;
}

static int not_own(const char *flag, const struct oci_id_map *range, bool host)
{
	fail(-EINVAL, "%s: ids from %s%u on, %u of them, are not all yours", flag, host ? "@" : "",
	     range->host_id, range->size);
	fail_hint("0 is your own; those from 1 on are your range in /etc/subuid and /etc/subgid, "
		  "as far as it goes");
	return -EINVAL;
}

// From one numbering of an ordinary user's ids to the other, which may part a range.
static int translate(const char *flag, const struct idmap *own, struct oci_id_map range,
		     bool to_host, struct idmap *map)
{
	struct oci_id_map left = range;
	while (left.size) {
		const struct oci_id_map *in = NULL;
		uint32_t skip = 0;
		for (size_t i = 0; i < own->n && !in; i++) {
			skip = left.host_id - side(&own->item[i], !to_host);
			if (left.host_id >= side(&own->item[i], !to_host) &&
			    skip < own->item[i].size)
				in = &own->item[i];
		}
		if (!in)
			return not_own(flag, &range, !to_host);
		uint32_t n = min_of(left.size, in->size - skip);
		TRY(add(map, (struct oci_id_map){left.container_id, side(in, to_host) + skip, n}));
		left = part_of(left, n, left.size - n);
	}
	return 0;
}

static int take_part(struct arena *arena, const char *flag, const struct idmap_part *part,
		     const struct idmap *own, struct idmap *map)
{
	struct idmap counted = idmap_new(arena);
	if (own && part->host)
		TRY(translate(flag, own, part->map, false, &counted));
	else
		TRY(add(&counted, part->map));
	for (size_t i = 0; i < counted.n; i++)
		TRY(part->extends ? idmap_insert(map, counted.item[i]) : add(map, counted.item[i]));
	return 0;
}

int idmap_of_options(struct arena *arena, const char *flag, const struct oci_strings *texts,
		     const struct idmap *own, bool users, struct idmap *ret_map)
{
	struct idmap map = idmap_new(arena), host = idmap_new(arena);
	bool extends = false, plain = false;
	for (size_t i = 0; i < texts->n; i++) {
		struct idmap_part part;
		TRY(idmap_part_parse(flag, texts->item[i], &part));
		if (users ? !part.users : !part.groups)
			continue;
		extends = extends || part.extends;
		plain = plain || !part.extends;
		TRY(take_part(arena, flag, &part, own, &map));
	}
	if (own && extends && !plain)
		TRY(fill(&map, total(own)));
	if (!own) {
		*ret_map = map;
		return 0;
	}
	for (size_t i = 0; i < map.n; i++)
		TRY(translate(flag, own, map.item[i], true, &host));
	*ret_map = host;
	return 0;
}
