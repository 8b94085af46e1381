// SPDX-License-Identifier: Apache-2.0
// namespaces.c - the part of a plan that makes the process in its namespaces
//
// A kind of namespace the spec does not name is the host's; one with a path is joined; the others
// are made by the clone itself. The order of joining is forced: a user namespace that is joined
// comes first, as it gives the right to enter what belongs to it. Where root makes one, the joins
// come before the clone that makes it, while root still is root.
//
// Two are made or entered later, by the first process: the mount namespace's propagation is its
// own business, and the cgroup namespace begins where its maker stands, or bounds where it may go.
#include "box/plan/builder.h"

#include "base/fail.h"

#include <sched.h>

static const struct oci_namespace *joined(const struct builder *builder, size_t kind)
{
	const struct oci_namespace *found =
		oci_namespace_find(&builder->spec->oci.linux_, namespaces[kind].name);
	return found && found->path ? found : NULL;
}

static int set_flags(struct builder *builder)
{
	const struct oci_linux *linux_ = &builder->spec->oci.linux_;
	for (size_t i = 0; i < linux_->namespaces_n; i++) {
		const struct oci_namespace *wanted = &linux_->namespaces[i];
		const struct namespace *known = namespace_find(wanted->type);
		if (!known)
			return fail(-EINVAL, "namespace '%s': there is no such kind", wanted->type);
		if (known->flag != CLONE_NEWCGROUP && known->flag != CLONE_NEWTIME && !wanted->path)
			builder->plan->namespaces |= known->flag;
	}
	if (!oci_namespace_find(linux_, "mount"))
		return fail(-EOPNOTSUPP,
			    "a container without a mount namespace: its mounts would be "
			    "the host's");
	if (joined(builder, NS_MOUNT))
		return fail(-EOPNOTSUPP, "a mount namespace that exists can't be joined");
	return 0;
}

static void add_opens(struct builder *builder)
{
	for (size_t kind = 0; kind < NAMESPACE_COUNT; kind++) {
		const struct oci_namespace *wanted = joined(builder, kind);
		if (!wanted)
			continue;
		plan_add_texts(builder, ACTOR_HOST, OP_NAMESPACE_OPEN, wanted->type, wanted->path,
			       NULL)
			->n = builder->spec->join_start[kind];
		builder->plan->mid = true;
	}
}

static const struct id_map *copy_map(struct arena *arena, const struct oci_id_map *maps, size_t n)
{
	struct id_map *copy = arena_array(arena, struct id_map, n);
	for (size_t i = 0; i < n; i++)
		copy[i] = (struct id_map){maps[i].container_id, maps[i].host_id, maps[i].size};
	return copy;
}

void plan_set_maps(struct builder *builder)
{
	const struct oci_linux *linux_ = &builder->spec->oci.linux_;
	if (!oci_namespace_find(linux_, "user"))
		return;
	builder->plan->maps = (struct id_maps){
		copy_map(builder->arena, linux_->uid_mappings, linux_->uid_mappings_n),
		linux_->uid_mappings_n,
		copy_map(builder->arena, linux_->gid_mappings, linux_->gid_mappings_n),
		linux_->gid_mappings_n,
	};
}

// Those of a namespace that is joined were written by who made it.
static int add_id_maps(struct builder *builder)
{
	if (!spec_has_namespace(builder->spec, "user"))
		return 0;
	if (builder->facts->uid && builder->facts->user_namespace_denied) {
		fail(-EPERM, "this host does not let ordinary users make user namespaces");
		fail_hint("%s", builder->facts->user_namespace_denied);
		return -EPERM;
	}
	const struct plan *plan = builder->plan;
	enum idmap_way way;
	TRY(idmap_choose(plan->outer.uid_n ? &plan->outer : &plan->maps, builder->facts, &way));
	plan_add(builder, ACTOR_HOST, OP_ID_MAP)->k = (int32_t)way;
	return 0;
}

static void add_clocks(struct builder *builder)
{
	const struct oci_time_offsets *offsets = &builder->spec->oci.linux_.time_offsets;
	const char *text =
		arena_printf(builder->arena, "monotonic %lld %u\nboottime %lld %u\n",
			     (long long)offsets->monotonic.secs, offsets->monotonic.nanosecs,
			     (long long)offsets->boottime.secs, offsets->boottime.nanosecs);
	plan_add_texts(builder, ACTOR_MID, OP_CLOCKS, text, NULL, NULL);
}

static int add_mid(struct builder *builder)
{
	struct plan *plan = builder->plan;
	bool user = plan->mid_user || plan->outer.uid_n;
	plan_add(builder, ACTOR_HOST, OP_MID)->k = user;
	if (user)
		TRY(add_id_maps(builder));
	if (plan->outside)
		TRY(plan_add_outside(builder));
	if (joined(builder, NS_PID))
		plan_add(builder, ACTOR_MID, OP_UNDUMPABLE);
	for (size_t kind = 0; kind < NAMESPACE_COUNT; kind++)
		if (kind != NS_CGROUP && joined(builder, kind))
			plan_add_texts(builder, ACTOR_MID, OP_JOIN, namespaces[kind].name, NULL,
				       NULL);
	if (spec_has_namespace(builder->spec, "time"))
		add_clocks(builder);
	return 0;
}

// Whether there may be one: the filter is read later.
static bool has_agent(const struct box_spec *spec)
{
	return spec->oci.linux_.seccomp && spec->oci.linux_.seccomp->listener_path;
}

// See steps/walk.h. With a terminal INIT's message carries a descriptor, which waits in the socket;
// with a user namespace HOST has to write the maps meanwhile, and the ids of the child would make
// the parent undumpable. Network devices, too, are moved by HOST, it runs hooks, and an agent, or
// the watcher, answers calls only when HOST has told him.
static bool may_share_memory(const struct builder *builder)
{
	return builder->facts->uid == 0 && !builder->plan->maps.uid_n &&
	       !builder->spec->oci.linux_.net_devices_n && !builder->plan->mid &&
	       !builder->plan->hooks && !builder->spec->waits && !has_agent(builder->spec) &&
	       !builder->spec->watch;
}

static void add_shm(struct builder *builder)
{
	if (!builder->spec->shm)
		return;
	plan_add_texts(builder, ACTOR_HOST, OP_HOLD, builder->spec->shm, NULL, NULL)->n =
		builder->spec->join_start[NS_IPC];
	builder->plan->held_n++;
}

static int add_net_devices(struct builder *builder)
{
	const struct oci_linux *linux_ = &builder->spec->oci.linux_;
	if (linux_->net_devices_n && !oci_namespace_find(linux_, "network"))
		return fail(-EINVAL, "network devices: the container has the host's network");
	for (size_t i = 0; i < linux_->net_devices_n; i++)
		plan_add_texts(builder, ACTOR_HOST, OP_NET_DEVICE, linux_->net_devices[i].host_name,
			       linux_->net_devices[i].name, NULL);
	return 0;
}

int plan_add_process(struct builder *builder)
{
	struct plan *plan = builder->plan;
	TRY(set_flags(builder));
	plan_set_maps(builder);
	TRY(plan_set_outside(builder));
	add_opens(builder);
	add_shm(builder);
	if (builder->spec->init)
		plan_add(builder, ACTOR_HOST, OP_REAPER);
	TRY(plan_add_map_sources(builder));
	if (builder->spec->root_mapped)
		plan_add(builder, ACTOR_HOST, OP_ID_SPACE);
	// An ordinary user has a right to the others only in his new user namespace.
	plan->mid_user = spec_has_namespace(builder->spec, "time") && builder->facts->uid &&
			 spec_has_namespace(builder->spec, "user") && !plan->outer.uid_n;
	plan->mid = plan->mid || plan->outside || spec_has_namespace(builder->spec, "time");
	if (plan->mid)
		TRY(add_mid(builder));
	plan_add(builder, plan->mid ? ACTOR_MID : ACTOR_HOST, OP_CLONE);
	if (plan->outer.uid_n)
		plan_add_inner_maps(builder);
	else if (!plan->mid_user)
		TRY(add_id_maps(builder));
	TRY(add_net_devices(builder));
	plan->share_memory = may_share_memory(builder);
	return 0;
}

void plan_add_cgroup_namespace(struct builder *builder)
{
	if (joined(builder, NS_CGROUP))
		plan_add_texts(builder, ACTOR_INIT, OP_JOIN, "cgroup", NULL, NULL);
	else if (spec_has_namespace(builder->spec, "cgroup"))
		plan_add(builder, ACTOR_INIT, OP_CGROUP_VIEW);
}
