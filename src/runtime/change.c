// SPDX-License-Identifier: Apache-2.0
// change.c - other limits for a container that is there
//
// What is written is what `create` would write, by the same lists (kern/cgroup/cgroup.h). A
// container has groups only where it was given limits, or an engine may want to see what it uses;
// one of v1 that a new limit needs is made now, and its processes are moved there. On v2 the
// controller is handed down.
//
// Rules of devices come with the document of Kubernetes' engines, as they were at the start. They
// are held for as long as the container lives, so others are refused.
#include "runtime/change.h"

#include "base/fail.h"
#include "box/plan.h"
#include "kern/cgroup/cgroup.h"
#include "kern/cgroup/read.h"
#include "kern/cgroup/update.h"
#include "oci/spec.h"
#include "runtime/document.h"

#include <unistd.h>

struct change {
	struct runtime_call *call;
	struct container *container;
	struct facts facts;
	struct cgroup_limits limits;
};

// --- refusals -----------------------------------------------------------------------------------

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a && b && str_eq(a, b));
}

static bool are_same_rules(const struct oci_resources *a, const struct oci_resources *b)
{
	if (a->devices_n != b->devices_n)
		return false;
	for (size_t i = 0; i < a->devices_n; i++) {
		const struct oci_device_rule *x = &a->devices[i], *y = &b->devices[i];
		if (x->allow != y->allow || x->major != y->major || x->minor != y->minor ||
		    !is_same_text(x->type, y->type) || !is_same_text(x->access, y->access))
			return false;
	}
	return true;
}

static int check_devices(struct arena *arena, const struct container *container,
			 const struct oci_resources *resources)
{
	struct oci_spec spec;
	if (!resources->devices_n)
		return 0;
	TRY(container_document(arena, container, &spec));
	if (are_same_rules(resources, &spec.linux_.resources))
		return 0;
	return fail(-EOPNOTSUPP, "devices: the rules of a container stay what they were at its "
				 "start");
}

// memory.checkBeforeUpdate: the kernel of v2 would rather kill than refuse.
static int check_usage(const struct change *change, const struct oci_resources *resources)
{
	const struct facts_controller *memory = &change->facts.controller[CONTROLLER_MEMORY];
	struct arena *arena = change->call->arena;
	if (!resources->memory_check_update || resources->memory_limit < 0)
		return 0;
	const char *group =
		arena_printf(arena, "%s/%s", memory->directory, change->container->cgroup_name);
	uint64_t used = cgroup_read(
		arena, group,
		memory->kind == CGROUP_V1 ? "memory.usage_in_bytes" : "memory.current", NULL);
	if (used == UINT64_MAX || used <= (uint64_t)resources->memory_limit)
		return 0;
	return fail(-EBUSY, "memory limit of %lld bytes: %llu are in use",
		    (long long)resources->memory_limit, (unsigned long long)used);
}

// --- groups that are missing --------------------------------------------------------------------

// One of v1 that it has: all of them hold the same processes.
static const char *known_group(struct arena *arena, const struct container *container)
{
	for (size_t i = 0; i < container->cgroups.n; i++) {
		const char *group = container->cgroups.item[i];
		if (access(arena_printf(arena, "%s/tasks", group), F_OK) == 0)
			return group;
	}
	return NULL;
}

static void add_group(struct arena *arena, struct container *container, const char *directory)
{
	struct oci_strings *groups = &container->cgroups;
	const char **item = arena_array(arena, const char *, groups->n + 1);
	memcpy(item, groups->item, groups->n * sizeof(*item));
	item[groups->n] = directory;
	*groups = (struct oci_strings){item, groups->n + 1};
}

// Written down before it is made, so that it is removed whatever happens.
static int make_group(const struct change *change, const struct cgroup_group *group)
{
	struct arena *arena = change->call->arena;
	struct container *container = change->container;
	add_group(arena, container, group->directory);
	TRY(container_rewrite(arena, container));
	return cgroup_make_parents(group->tree, container->cgroup_name);
}

// Returns those of v1 that were made; the processes are moved there when the limits are set.
static int make_groups(const struct change *change, struct oci_strings *ret_made)
{
	struct arena *arena = change->call->arena;
	struct cgroup_group *groups;
	size_t n;
	cgroup_groups(arena, &change->facts, cgroup_controllers(&change->limits),
		      change->container->cgroup_name, &groups, &n);
	*ret_made = (struct oci_strings){arena_array(arena, const char *, n), 0};
	for (size_t i = 0; i < n; i++) {
		if (groups[i].kind != CGROUP_V1 || access(groups[i].directory, F_OK) == 0)
			continue;
		TRY(make_group(change, &groups[i]));
		ret_made->item[ret_made->n++] = groups[i].directory;
	}
	return 0;
}

static int hand_down(const struct change *change)
{
	struct cgroup_write *writes;
	size_t n;
	if (change->facts.uid) // a user's group has what was handed to him
		return 0;
	cgroup_hand_down(change->call->arena, &change->facts, cgroup_controllers(&change->limits),
			 change->container->cgroup_name, &writes, &n);
	return cgroup_change(change->call->arena, writes, n);
}

// --- the whole ----------------------------------------------------------------------------------

// What is inherited at the start is there by now.
static size_t drop_inherited(struct cgroup_write *writes, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		if (writes[i].value)
			writes[kept++] = writes[i];
	return kept;
}

static int apply(struct change *change)
{
	struct arena *arena = change->call->arena;
	const char *name = change->container->cgroup_name;
	struct cgroup_write *writes;
	struct oci_strings made;
	size_t n;
	cgroup_complete(arena, &change->facts, name, &change->limits);
	TRY(cgroup_writes(arena, &change->limits, &change->facts, name, &writes, &n));
	TRY(hand_down(change));
	TRY(make_groups(change, &made));
	TRY(cgroup_change(arena, writes, drop_inherited(writes, n)));
	const char *from = known_group(arena, change->container);
	for (size_t i = 0; i < made.n; i++)
		TRY(cgroup_move_all(arena, from, made.item[i]));
	return 0;
}

int change_apply(struct runtime_call *call, struct container *container,
		 const struct oci_resources *resources)
{
	struct change change = {.call = call, .container = container};
	TRY(check_devices(call->arena, container, resources));
	TRY(plan_limits(call->arena, resources, &change.limits));
	if (!cgroup_controllers(&change.limits) && !change.limits.keys_n)
		return 0;
	TRY(container_need_cgroup(container));
	TRY(facts_gather(call->arena, document_limits_facts(resources), NULL, &change.facts));
	TRY(check_usage(&change, resources));
	return apply(&change);
}
