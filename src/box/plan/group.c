// SPDX-License-Identifier: Apache-2.0
// group.c - the part of a plan that decides where a container's cgroups are
//
//	root                               at the top of each tree, or below --cgroup-parent
//	root of a user namespace           nowhere, until a path or a limit asks for it
//	a user without limits              nowhere: the container stays in the caller's group
//	a user with limits, on cgroup v2   below a group that is his: the caller's own, where he
// stands 	                                   in it alone, else a scope that his service
// manager makes 	                   on cgroup v1    below a
//--cgroup-parent that root has handed over
//
// Else limits are an error that says what to do about it.
#include "box/plan/builder.h"

#include "base/fail.h"
#include "kern/cgroup/cgroup.h"
#include "kern/cgroup/hint.h"

enum { SHORT_ID = 12 };

static const char *short_name(const struct builder *builder)
{
	return arena_printf(builder->arena, CGROUP_PREFIX "%.*s", SHORT_ID, builder->spec->id);
}

// The spec's own choice, from the top of each tree and without a slash in front.
static int given_name(const struct builder *builder, const char **ret_name)
{
	const char *path = builder->spec->oci.linux_.cgroups_path;
	struct str part = {0}, rest = str_of(path + strspn(path, "/"));
	*ret_name = rest.p;
	while (rest.p) {
		part = str_cut(&rest, '/');
		if (!part.n || part.p[0] == '.')
			return fail(-EINVAL, "cgroups path '%s': not a path of cgroups", path);
	}
	if (builder->spec->exact)
		return 0;
	if (part.n <= strlen(CGROUP_PREFIX) || !str_starts(part.p, CGROUP_PREFIX))
		return fail(-EINVAL, "cgroups path '%s': its last part does not begin with '%s'",
			    path, CGROUP_PREFIX);
	return 0;
}

// The slice that a given path lies in, as "a.slice/a-b.slice/tare-x" lies in "a-b.slice"; NULL: it
// has other parts as well.
static const char *slice_of(struct arena *arena, const char *name)
{
	struct str rest = str_of(name), slice = {0};
	static const char suffix[] = ".slice";
	size_t n = sizeof(suffix) - 1;
	for (struct str part; (part = str_cut(&rest, '/')).p && rest.p; slice = part)
		if (part.n <= n || memcmp(part.p + part.n - n, suffix, n) != 0)
			return NULL;
	return slice.p ? arena_dup_n(arena, slice.p, slice.n) : NULL;
}

// Refuses a limit whose controller the user was not given.
static int check_delegated(const struct builder *builder, unsigned controllers)
{
	const struct facts *facts = builder->facts;
	for (int i = 0; i < CONTROLLER_COUNT; i++) {
		if (!(controllers >> i & 1))
			continue;
		const char *name =
			i == CONTROLLER_BLKIO ? "io" : controller_name((enum controller)i);
		if (*cgroup_words(builder->arena, 1u << i, facts->delegated_controllers, '+'))
			continue;
		fail(-EPERM, "limits of '%s': this user was not given the controller, only '%s'",
		     name, facts->delegated_controllers);
		if (facts->service_manager)
			fail_hint(
				"root: systemctl edit user@.service, and there: [Service] "
				"Delegate=cpu cpuset io memory pids; it holds from the next login");
		return -EPERM;
	}
	return 0;
}

static int add_delegated(struct builder *builder, const struct cgroup_limits *limits,
			 const char *slice)
{
	const struct facts *facts = builder->facts;
	struct arena *arena = builder->arena;
	unsigned wanted = cgroup_controllers(limits) | CGROUP_ALWAYS;
	const char *group = facts->delegated, *own = short_name(builder);
	TRY(check_delegated(builder, cgroup_controllers(limits)));
	if (facts->service_manager) {
		const char *unit = arena_printf(arena, "%s.scope", own);
		const char *path = builder->spec->oci.linux_.cgroups_path;
		const char *last = slice ? strrchr(path, '/') : NULL;
		group = slice ? arena_printf(arena, "%s/%.*s/%s", group,
					     (int)(last - path) - (int)strspn(path, "/"),
					     path + strspn(path, "/"), unit)
			      : arena_printf(arena, "%s/app.slice/%s", group, unit);
		plan_add_texts(builder, ACTOR_HOST, OP_SCOPE, unit, slice ? slice : "app.slice",
			       group);
	}
	plan_add_texts(builder, ACTOR_HOST, OP_CGROUP_OWN,
		       arena_printf(arena, "%s%s", facts->cgroup2, group),
		       cgroup_words(arena, wanted, facts->delegated_controllers, '+'),
		       cgroup_words(arena, wanted, facts->delegated_controllers, '-'));
	builder->plan->cgroup_name = arena_printf(arena, "%s/%s", group + (*group == '/'), own);
	if (!*group)
		builder->plan->cgroup_name = own;
	builder->plan->controllers = 0;
	for (int i = 0; i < CONTROLLER_COUNT; i++)
		if (*cgroup_words(arena, wanted & 1u << i, facts->delegated_controllers, '+'))
			builder->plan->controllers |= 1u << i;
	return 0;
}

static int nowhere(const struct builder *builder, unsigned controllers)
{
	fail(-EPERM, "limits: this user has no cgroup to make others in");
	cgroup_hint_none(builder->facts, controllers);
	return -EPERM;
}

static int add_users_group(struct builder *builder, const struct cgroup_limits *limits,
			   bool *ret_handed_down)
{
	const struct box_spec *spec = builder->spec;
	unsigned controllers = cgroup_controllers(limits);
	const char *name = NULL, *slice = NULL;
	if (spec->oci.linux_.cgroups_path) {
		TRY(given_name(builder, &name));
		slice = slice_of(builder->arena, name);
	}
	if (!controllers && !limits->keys_n && !spec->cgroup_asked && !name)
		return 0;
	*ret_handed_down = true;
	if (builder->facts->delegated && (!name || (slice && builder->facts->service_manager)))
		return add_delegated(builder, limits, slice);
	if (!name || !controllers || !cgroup_on_v1(builder->facts, controllers) || limits->keys_n)
		return nowhere(builder, controllers);
	builder->plan->cgroup_name = name;
	builder->plan->controllers = controllers;
	return 0;
}

int plan_add_group(struct builder *builder, const struct cgroup_limits *limits,
		   bool *ret_handed_down)
{
	const struct box_spec *spec = builder->spec;
	const char *name = short_name(builder);
	*ret_handed_down = false;
	if (!spec->cgroups) {
		if (!cgroup_controllers(limits) && !limits->keys_n)
			return 0;
		return fail(-EINVAL, "limits need a cgroup, and this container is to have none");
	}
	if (builder->facts->uid)
		return add_users_group(builder, limits, ret_handed_down);
	if (spec->oci.linux_.cgroups_path)
		TRY(given_name(builder, &name));
	else if (builder->facts->nested && !cgroup_controllers(limits) && !limits->keys_n)
		return 0;
	builder->plan->cgroup_name = name;
	builder->plan->controllers = CGROUP_ALWAYS | cgroup_controllers(limits);
	if (spec->waits) // whoever makes such containers may want to pause them
		builder->plan->controllers |= 1u << CONTROLLER_FREEZER;
	return 0;
}
