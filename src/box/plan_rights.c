// SPDX-License-Identifier: Apache-2.0
// plan_rights.c - the part of a plan that moves into the root and gives up rights
//
// Docker's default leaves set-uid programs their power. Then the filter has to be installed while
// CAP_SYS_ADMIN is still there, before the ids: so what comes after it must pass the filter, which
// is checked here. With no_new_privs the filter comes last.
#include "box/plan_seccomp.h"

#include "base/fail.h"
#include "kern/caps.h"
#include "kern/rlimit.h"

static int mask_of(const struct oci_strings *names, uint64_t *ret_mask)
{
	uint64_t mask = 0;
	for (size_t i = 0; i < names->n; i++) {
		uint64_t one;
		TRY(caps_parse(names->item[i], &one));
		mask |= one;
	}
	*ret_mask = mask;
	return 0;
}

static int add_limits(struct builder *builder)
{
	const struct oci_process *process = &builder->spec->oci.process;
	for (size_t i = 0; i < process->rlimits_n; i++) {
		const struct oci_rlimit *limit = &process->rlimits[i];
		int number = rlimit_number(limit->type);
		if (number < 0)
			return fail(-EINVAL, "rlimit '%s': there is no such limit", limit->type);
		struct step *step = plan_add(builder, ACTOR_INIT, OP_RLIMIT);
		step->a = limit->type;
		step->k = number;
		step->n = limit->soft;
		step->m = limit->hard;
	}
	return 0;
}

static bool has_single_id(const struct id_maps *maps)
{
	return maps->gid_n == 1 && maps->gid[0].count == 1;
}

static void add_filter(struct builder *builder)
{
	const struct plan *plan = builder->plan;
	if (builder->spec->seccomp == BOX_SECCOMP_DEFAULT) {
		plan_add(builder, ACTOR_INIT, OP_SECCOMP);
		return;
	}
	struct step *step = plan_add(builder, ACTOR_INIT, OP_SECCOMP_PROFILE);
	step->a = seccomp_filter_text(builder->arena, plan->filter, plan->filter_n);
	step->k = (int32_t)plan->filter_flags;
}

static int add_identity(struct builder *builder)
{
	const struct oci_process *process = &builder->spec->oci.process;
	const struct oci_capabilities *sets = &process->capabilities;
	struct plan *plan = builder->plan;
	bool filtered = builder->spec->seccomp != BOX_SECCOMP_UNCONFINED;
	bool strict = process->no_new_privileges;
	TRY(mask_of(&sets->bounding, &plan->bounding));
	TRY(mask_of(&sets->effective, &plan->granted));
	if (filtered)
		TRY(plan_make_filter(builder));
	struct step *step = plan_add(builder, ACTOR_INIT, OP_BOUNDING);
	step->n = plan->bounding;
	step->k = (int32_t)builder->facts->last_capability;
	if (filtered && !strict)
		add_filter(builder);
	plan_add(builder, ACTOR_INIT, OP_IDS)->k = has_single_id(&plan->maps);
	plan_add(builder, ACTOR_INIT, OP_CAPABILITIES)->n = plan->granted;
	plan_add(builder, ACTOR_INIT, OP_DIE_WITH_PARENT)->k = 1;
	plan_add_texts(builder, ACTOR_INIT, OP_WORKDIR, process->cwd, NULL, NULL);
	if (strict)
		plan_add(builder, ACTOR_INIT, OP_NO_NEW_PRIVS);
	if (filtered && strict)
		add_filter(builder);
	return 0;
}

int plan_add_rights(struct builder *builder)
{
	const struct box_spec *spec = builder->spec;
	plan_add(builder, ACTOR_INIT, OP_PIVOT);
	plan_add(builder, ACTOR_INIT, OP_DETACH);
	if (spec->oci.root.readonly)
		plan_add(builder, ACTOR_INIT, OP_ROOT_READONLY);
	if (spec_has_namespace(spec, "network"))
		plan_add(builder, ACTOR_INIT, OP_LOOPBACK);
	if (spec->oci.hostname && spec_has_namespace(spec, "uts"))
		plan_add_texts(builder, ACTOR_INIT, OP_HOSTNAME, spec->oci.hostname, NULL, NULL);
	TRY(add_limits(builder));
	const char *keyring = arena_printf(builder->arena, "tare-%.12s", spec->id);
	plan_add_texts(builder, ACTOR_INIT, OP_KEYRING, keyring, NULL, NULL)->spare = ENOSYS;
	plan_add_texts(builder, ACTOR_INIT, OP_USER, spec->user, NULL, NULL);
	TRY(add_identity(builder));
	plan_add(builder, ACTOR_INIT, OP_EXEC);
	return 0;
}
