// SPDX-License-Identifier: Apache-2.0
// outside.c - the part of a plan for containers whose root can't reach what is mounted in it
//
// A container's first process mounts its root and all that is bound into it by their paths, as the
// root of its user namespace. That works as long as this root is, outside, who started it, or has
// power over his files. Where it is somebody else (root's containers with id maps, an ordinary
// user's that he himself is not in), it can neither pass directories that are closed to others,
// such as tare's own, nor mount an overlay over files that have no number inside.
//
// So MID does it before there is a container: it takes the root and the sources as mounts that are
// attached nowhere, and the child, which inherits their descriptors, attaches them. Root's MID has
// root's power. An ordinary user's is in a user namespace of its own, in which he is 0 and the ids
// he was given follow; that of the container is made within it.
#include "box/plan/binds.h"

#include "base/fail.h"

static bool has_outside(const struct id_map *map, size_t n, uint32_t id)
{
	for (size_t i = 0; i < n; i++)
		if (id >= map[i].outside && id - map[i].outside < map[i].count)
			return true;
	return false;
}

static bool is_in(const struct id_maps *maps, const struct facts *facts)
{
	return has_outside(maps->uid, maps->uid_n, facts->uid) &&
	       has_outside(maps->gid, maps->gid_n, facts->gid);
}

// 0 is the caller, those from 1 on are his range.
static const struct id_map *outer_map(struct arena *arena, uint32_t own,
				      struct facts_id_range range, size_t *ret_n)
{
	struct id_map *map = arena_array(arena, struct id_map, 2);
	map[0] = (struct id_map){0, own, 1};
	map[1] = (struct id_map){1, range.first, range.count};
	*ret_n = range.count ? 2 : 1;
	return map;
}

// The map of the container, as it is counted in the outer one.
static int inner_map(struct arena *arena, const struct id_map *map, size_t n,
		     const struct id_map *outer, size_t outer_n, const struct id_map **ret_map)
{
	struct id_map *inner = arena_array(arena, struct id_map, n);
	for (size_t i = 0; i < n; i++) {
		const struct id_map *in = NULL;
		for (size_t j = 0; j < outer_n && !in; j++) {
			uint64_t end = (uint64_t)outer[j].outside + outer[j].count;
			if (map[i].outside >= outer[j].outside &&
			    (uint64_t)map[i].outside + map[i].count <= end)
				in = &outer[j];
		}
		if (!in)
			return fail(-EPERM,
				    "id maps: ids from %u on, %u of them, are not all yours",
				    map[i].outside, map[i].count);
		inner[i] = (struct id_map){map[i].inside, map[i].outside - in->outside + in->inside,
					   map[i].count};
	}
	*ret_map = inner;
	return 0;
}

static int set_users(struct builder *builder)
{
	const struct facts *facts = builder->facts;
	struct plan *plan = builder->plan;
	struct id_maps *outer = &plan->outer;
	if (!spec_has_namespace(builder->spec, "user")) {
		fail(-EPERM, "the user namespace that is joined has no number for you: you can't "
			     "reach your own files in it");
		return -EPERM;
	}
	outer->uid = outer_map(builder->arena, facts->uid, facts->subuid, &outer->uid_n);
	outer->gid = outer_map(builder->arena, facts->gid, facts->subgid, &outer->gid_n);
	TRY(inner_map(builder->arena, plan->maps.uid, plan->maps.uid_n, outer->uid, outer->uid_n,
		      &plan->inner.uid));
	return inner_map(builder->arena, plan->maps.gid, plan->maps.gid_n, outer->gid, outer->gid_n,
			 &plan->inner.gid);
}

int plan_set_outside(struct builder *builder)
{
	struct plan *plan = builder->plan;
	plan->outside =
		plan->maps.uid_n && (!builder->facts->uid || !is_in(&plan->maps, builder->facts));
	if (!plan->outside)
		return 0;
	TRY(plan_check_outside_sources(builder));
	plan->inner = plan->maps;
	return builder->facts->uid ? set_users(builder) : 0;
}

int plan_add_outside(struct builder *builder)
{
	plan_add(builder, ACTOR_MID, OP_APART);
	plan_add_outside_sources(builder, true);
	plan_add(builder, ACTOR_MID, OP_PRIVATE);
	TRY(plan_add_root(builder));
	plan_add_outside_sources(builder, false);
	return 0;
}

void plan_add_inner_maps(struct builder *builder)
{
	const struct id_maps *inner = &builder->plan->inner;
	plan_add_texts(builder, ACTOR_MID, OP_ID_MAP_WITHIN,
		       idmap_text(builder->arena, inner->uid, inner->uid_n),
		       idmap_text(builder->arena, inner->gid, inner->gid_n), NULL);
}
