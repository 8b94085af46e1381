// SPDX-License-Identifier: Apache-2.0
// unit.c - the part of a plan that has systemd make a container's group
//
// A scope is made for a process that is there, so its step comes after the clone: INIT waits, is
// moved, and limits are written before it goes on. What systemd knows of them it gets as
// properties, else it would put its own values back when it reloads; the files are written all the
// same, as they say more.
#include "box/plan/builder.h"

#include "base/fail.h"
#include "kern/cgroup/unit.h"

static const char annotation[] = "org.systemd.property.";

static int check_host(const struct builder *builder)
{
	const struct facts *facts = builder->facts;
	if (!facts->bus) {
		fail(-EOPNOTSUPP, "cgroup manager systemd: no service manager answers here");
		if (facts->bus_user)
			fail_hint(
				"a user has one while logged in, or after loginctl enable-linger");
		else
			fail_hint("where systemd does not run the host, --cgroup-manager cgroupfs");
		return -EOPNOTSUPP;
	}
	if (facts->controller[CONTROLLER_MEMORY].kind == CGROUP_V2 && facts->cgroup2)
		return 0;
	fail(-EOPNOTSUPP, "cgroup manager systemd: this host's controllers are on cgroup v1");
	fail_hint("it is done on cgroup v2 alone; --cgroup-manager cgroupfs works on both");
	return -EOPNOTSUPP;
}

static int properties_of(struct builder *builder, const struct cgroup_limits *limits,
			 const char **ret_text)
{
	const struct oci_pairs *pairs = &builder->spec->oci.annotations;
	const char *text = unit_properties(builder->arena, limits);
	for (size_t i = 0; i < pairs->n; i++) {
		const char *name = pairs->item[i].name, *line;
		if (!str_starts(name, annotation))
			continue;
		TRY(unit_property_read(builder->arena, name + sizeof(annotation) - 1,
				       pairs->item[i].value, &line));
		text = arena_printf(builder->arena, "%s%s\n", text, line);
	}
	*ret_text = text;
	return 0;
}

static int read_unit(const struct builder *builder, struct unit *ret_unit)
{
	return unit_read(builder->arena, builder->spec->oci.linux_.cgroups_path, builder->spec->id,
			 builder->facts, ret_unit);
}

int plan_set_unit(struct builder *builder, const struct cgroup_limits *limits)
{
	struct unit unit;
	TRY(check_host(builder));
	TRY(cgroup_check(limits, builder->facts));
	TRY(read_unit(builder, &unit));
	builder->plan->cgroup_name = unit.group;
	builder->plan->controllers = CGROUP_ALWAYS | cgroup_controllers(limits);
	return 0;
}

int plan_add_unit(struct builder *builder)
{
	struct cgroup_limits limits;
	struct unit unit;
	const char *properties;
	if (!builder->spec->systemd || !builder->plan->cgroup_name)
		return 0;
	TRY(plan_limits(builder->arena, &builder->spec->oci.linux_.resources, &limits));
	TRY(read_unit(builder, &unit));
	TRY(properties_of(builder, &limits, &properties));
	plan_add_texts(builder, ACTOR_HOST, OP_UNIT, unit.name, unit.slice, properties);
	return plan_add_limits(builder, &limits);
}
