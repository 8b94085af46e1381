// SPDX-License-Identifier: Apache-2.0
// cgroup.c - the part of a plan that makes, fills and shows cgroups
#include "box/plan/builder.h"

#include "base/fail.h"
#include "kern/cgroup/cgroup.h"
#include "kern/cgroup/devices.h"
#include "kern/mounts/mount.h"

static void add_writes(struct builder *builder, const struct cgroup_write *writes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		plan_add_texts(builder, ACTOR_HOST,
			       writes[i].value ? OP_CGROUP_SET : OP_CGROUP_INHERIT,
			       writes[i].directory, writes[i].file, writes[i].value);
}

static int add_limits(struct builder *builder, const struct cgroup_limits *limits, bool handed_down)
{
	const char *name = builder->plan->cgroup_name;
	struct cgroup_write *writes = NULL;
	size_t n = 0;
	if (!handed_down)
		cgroup_hand_down(builder->arena, builder->facts, cgroup_controllers(limits), name,
				 &writes, &n);
	add_writes(builder, writes, n);
	TRY(cgroup_writes(builder->arena, limits, builder->facts, name, &writes, &n));
	add_writes(builder, writes, n);
	return 0;
}

int plan_device_rules(struct builder *builder, struct device_rule **ret_rules)
{
	const struct oci_resources *resources = &builder->spec->oci.linux_.resources;
	struct device_rule *rules =
		arena_array(builder->arena, struct device_rule, resources->devices_n);
	for (size_t i = 0; i < resources->devices_n; i++) {
		const struct oci_device_rule *rule = &resources->devices[i];
		TRY(device_rule_make(rule->allow, rule->type, rule->major, rule->minor,
				     rule->access, &rules[i]));
	}
	*ret_rules = rules;
	return 0;
}

// One step a file: the entries of a list together.
static void add_device_writes(struct builder *builder, const char *directory,
			      const struct devices_v1_write *writes, size_t n)
{
	struct step *step = NULL;
	for (size_t i = 0; i < n; i++) {
		if (step && str_eq(step->b, writes[i].file))
			step->c = arena_printf(builder->arena, "%s%c%s", step->c, CGROUP_ENTRY_END,
					       writes[i].text);
		else
			step = plan_add_texts(builder, ACTOR_HOST, OP_CGROUP_SET, directory,
					      writes[i].file, writes[i].text);
	}
}

static int add_device_rules(struct builder *builder, const struct cgroup_group *groups, size_t n)
{
	size_t rules_n = builder->spec->oci.linux_.resources.devices_n;
	struct device_rule *rules;
	if (!builder->spec->device_rules)
		return 0;
	TRY(plan_device_rules(builder, &rules));
	for (size_t i = 0; i < n; i++) {
		if (groups[i].kind == CGROUP_V2 && builder->facts->device_filter) {
			plan_add_texts(builder, ACTOR_HOST, OP_DEVICE_FILTER, groups[i].directory,
				       NULL, NULL);
			return devices_v2_program(builder->arena, rules, rules_n,
						  &builder->plan->device_program,
						  &builder->plan->device_program_n);
		}
		if (groups[i].kind != CGROUP_V1 || !strstr(groups[i].controllers, "devices"))
			continue;
		struct devices_v1_write *writes;
		size_t writes_n;
		TRY(devices_v1_writes(builder->arena, rules, rules_n, &writes, &writes_n));
		add_device_writes(builder, groups[i].directory, writes, writes_n);
		return 0;
	}
	return fail(-ENOSYS, "devices: no cgroup here can filter them");
}

// Of an ordinary user the group above is one that root, or systemd, has made.
static void add_parents(struct builder *builder, const struct cgroup_group *groups, size_t n)
{
	const char *name = builder->plan->cgroup_name;
	const char *slash = strrchr(name, '/');
	if (!slash || builder->facts->uid)
		return;
	const char *parent = arena_dup_n(builder->arena, name, (size_t)(slash - name));
	for (size_t i = 0; i < n; i++)
		plan_add_texts(builder, ACTOR_HOST, OP_CGROUP_PARENT, groups[i].tree, parent,
			       groups[i].controllers);
}

static int add_values(struct builder *builder, const struct cgroup_limits *limits, bool handed_down,
		      const struct cgroup_group *groups, size_t n)
{
	TRY(add_limits(builder, limits, handed_down));
	return add_device_rules(builder, groups, n);
}

int plan_add_limits(struct builder *builder, const struct cgroup_limits *limits)
{
	struct cgroup_group *groups;
	size_t n;
	cgroup_groups(builder->arena, builder->facts, builder->plan->controllers,
		      builder->plan->cgroup_name, &groups, &n);
	return add_values(builder, limits, true, groups, n);
}

int plan_add_cgroups(struct builder *builder)
{
	struct cgroup_limits limits;
	struct cgroup_group *groups;
	size_t n;
	bool handed_down;
	TRY(plan_limits(builder->arena, &builder->spec->oci.linux_.resources, &limits));
	if (builder->spec->systemd)
		return plan_set_unit(builder, &limits);
	TRY(plan_add_group(builder, &limits, &handed_down));
	if (!builder->plan->cgroup_name)
		return 0;
	TRY(cgroup_check(&limits, builder->facts));
	cgroup_groups(builder->arena, builder->facts, builder->plan->controllers,
		      builder->plan->cgroup_name, &groups, &n);
	add_parents(builder, groups, n);
	for (size_t i = 0; i < n; i++) {
		struct step *step =
			plan_add_texts(builder, ACTOR_HOST, OP_CGROUP, groups[i].directory,
				       groups[i].controllers, NULL);
		step->k = groups[i].kind == CGROUP_V2 ? 2 : 1;
	}
	return add_values(builder, &limits, handed_down, groups, n);
}

void plan_add_cgroup_join(struct builder *builder)
{
	struct cgroup_group *groups;
	size_t n;
	if (!builder->plan->cgroup_name)
		return;
	cgroup_groups(builder->arena, builder->facts, builder->plan->controllers,
		      builder->plan->cgroup_name, &groups, &n);
	for (size_t i = 0; i < n; i++)
		if (groups[i].tasks)
			plan_add_texts(builder, ACTOR_INIT, OP_CGROUP_JOIN, groups[i].tasks,
				       groups[i].controllers, NULL);
}

static uint64_t attributes_of(const struct oci_mount *mount)
{
	uint64_t attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
	for (size_t i = 0; i < mount->options.n; i++)
		if (str_eq(mount->options.item[i], "ro"))
			attributes |= MOUNT_ATTR_RDONLY;
	return attributes;
}

// An ordinary user's container, and one without cgroups, sees the tree of v2 from its caller's
// group on; of v1, whose hierarchies would show the host's, an empty directory.
static bool is_visible(const struct builder *builder, const struct cgroup_view *views, size_t n)
{
	return builder->plan->cgroup_name || (n == 1 && str_eq(views[0].type, "cgroup2"));
}

static void add_view(struct builder *builder, const char *top, const struct cgroup_view *view,
		     uint64_t attributes)
{
	const char *target =
		*view->target ? arena_printf(builder->arena, "%s/%s", top, view->target) : top;
	if (!view->type) {
		plan_add_texts(builder, ACTOR_INIT, OP_LINK, view->options, target, NULL);
		return;
	}
	struct step *step =
		plan_add_texts(builder, ACTOR_INIT, OP_MOUNT, view->type, target, view->options);
	step->n = attributes | MOUNT_NO_LINKS;
}

// Where the container has no cgroup namespace of its own a new mount can't be: in a user namespace
// it would show the namespace of another, which the kernel forbids. In the host's own namespace it
// is allowed, and the options of a mount of cgroup2 are those of all: without nsdelegate and
// memory_recursiveprot it would take them from the host.
static bool has_cgroup2(const struct cgroup_view *views, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (views[i].type && str_eq(views[i].type, "cgroup2"))
			return true;
	return false;
}

// A mount of v1 shows its whole tree to who has no cgroup namespace: a bundle that has none gets
// its own groups of each, as from runc. `group` is the next of them, in the order of the views.
static void add_own_view(struct builder *builder, const char *top, const struct cgroup_view *view,
			 uint64_t attributes, const struct cgroup_group **group)
{
	if (!view->type || str_eq(view->type, "tmpfs")) {
		add_view(builder, top, view, attributes);
		return;
	}
	struct step *step =
		plan_add_texts(builder, ACTOR_INIT, OP_BIND, (*group)->directory,
			       arena_printf(builder->arena, "%s/%s", top, view->target), NULL);
	step->n = attributes | MOUNT_NO_LINKS;
	++*group;
}

static bool shows_own(const struct builder *builder, const struct cgroup_view *views)
{
	return builder->spec->exact && builder->plan->cgroup_name &&
	       !oci_namespace_find(&builder->spec->oci.linux_, "cgroup") &&
	       str_eq(views[0].type, "tmpfs");
}

int plan_add_cgroup_mounts(struct builder *builder, const struct oci_mount *mount)
{
	static const struct cgroup_view nothing = {"", "tmpfs", "size=0,nr_inodes=1,mode=755"};
	struct cgroup_view *views;
	size_t n;
	uint64_t attributes = attributes_of(mount);
	unsigned joined =
		builder->plan->controllers ? builder->plan->controllers : (unsigned)CGROUP_ALWAYS;
	cgroup_views(builder->arena, builder->facts, joined, &views, &n);
	bool own = n && shows_own(builder, views);
	if (!own && !oci_namespace_find(&builder->spec->oci.linux_, "cgroup") &&
	    (builder->plan->maps.uid_n || has_cgroup2(views, n))) {
		struct step *bind = plan_add_texts(builder, ACTOR_INIT, OP_BIND, "/sys/fs/cgroup",
						   mount->destination, NULL);
		bind->n = attributes | MOUNT_RECURSIVE;
		bind->m = attributes; // the hierarchies of v1 are mounts of their own below it
		return 0;
	}
	if (!n || !is_visible(builder, views, n)) {
		add_view(builder, mount->destination, &nothing, attributes);
		return 0;
	}
	// The directories of v1's hierarchies have yet to be made in a tmpfs: it becomes read-only
	// when they are there.
	bool later = str_eq(views[0].type, "tmpfs") && attributes & MOUNT_ATTR_RDONLY;
	struct cgroup_group *groups = NULL;
	size_t groups_n = 0;
	if (own)
		cgroup_groups(builder->arena, builder->facts, joined, builder->plan->cgroup_name,
			      &groups, &groups_n);
	const struct cgroup_group *group = groups;
	for (size_t i = 0; i < n; i++) {
		uint64_t bits =
			i == 0 && later ? attributes & ~(uint64_t)MOUNT_ATTR_RDONLY : attributes;
		if (own)
			add_own_view(builder, mount->destination, &views[i], bits, &group);
		else
			add_view(builder, mount->destination, &views[i], bits);
	}
	if (later)
		plan_add_texts(builder, ACTOR_INIT, OP_READONLY, mount->destination, NULL, NULL)
			->k = 1;
	return 0;
}
