// SPDX-License-Identifier: Apache-2.0
// build.c - the order of a start
//
// Read plan_build from top to bottom and you have read how a container comes to be: what the host
// prepares, the clone, the ids, the root and what is mounted in it, the pivot, and at last the
// process giving up its rights. Every decision is taken here and in the files of this folder, from
// the spec and the facts alone.
#include "box/plan/builder.h"

#include "base/fail.h"
#include "oci/lists.h"

struct step *plan_add(struct builder *builder, enum actor actor, enum op op)
{
	if (builder->steps_n == builder->room) {
		size_t room = max_of(builder->room * 2, (size_t)96);
		struct step *steps = arena_array(builder->arena, struct step, room);
		if (builder->steps_n)
			memcpy(steps, builder->steps, builder->steps_n * sizeof(*steps));
		builder->steps = steps;
		builder->room = room;
	}
	struct step *step = &builder->steps[builder->steps_n++];
	*step = (struct step){.op = (uint8_t)op, .actor = (uint8_t)actor};
	return step;
}

struct step *plan_add_texts(struct builder *builder, enum actor actor, enum op op, const char *a,
			    const char *b, const char *c)
{
	struct step *step = plan_add(builder, actor, op);
	step->a = a;
	step->b = b;
	step->c = c;
	return step;
}

bool spec_has_namespace(const struct box_spec *spec, const char *type)
{
	return oci_namespace_is_own(&spec->oci.linux_, type);
}

static void add_state(struct builder *builder)
{
	const struct box_spec *spec = builder->spec;
	if (spec->waits) {
		plan_add_texts(builder, ACTOR_HOST, OP_DOOR, spec->state, NULL, NULL);
		return;
	}
	plan_add_texts(builder, ACTOR_HOST, OP_STATE, spec->state, plan_mount_point(builder), NULL);
	for (size_t i = 0; i < spec->files_n; i++)
		plan_add_texts(builder, ACTOR_HOST, OP_FILE, spec->files[i].name,
			       spec->files[i].text, spec->files[i].destination);
	plan_add_lines(builder, ACTOR_HOST);
	plan_add_volumes(builder);
	for (size_t i = 0; i < spec->make_directories.n; i++)
		plan_add_texts(builder, ACTOR_HOST, OP_SOURCE, spec->make_directories.item[i], NULL,
			       NULL);
}

bool plan_maps_root(const struct plan *plan)
{
	const struct id_maps *maps = &plan->maps;
	bool uid = false, gid = false;
	for (size_t i = 0; i < maps->uid_n; i++)
		uid = uid || maps->uid[i].inside == 0;
	for (size_t i = 0; i < maps->gid_n; i++)
		gid = gid || maps->gid[i].inside == 0;
	return uid && gid;
}

static void add_first_steps(struct builder *builder)
{
	if (!builder->spec->waits)
		plan_add(builder, ACTOR_INIT, OP_DIE_WITH_PARENT);
	plan_add(builder, ACTOR_INIT, OP_CLEAN_SLATE);
	plan_add_oom_score(builder);
	plan_add_labels(builder);
	plan_add_cgroup_join(builder);
	plan_add_cgroup_namespace(builder);
	if (plan_maps_root(builder->plan))
		plan_add(builder, ACTOR_INIT, OP_BECOME_ROOT);
	if (builder->plan->outside)
		return;
	plan_add_keep_sources(builder);
	plan_add(builder, ACTOR_INIT, OP_PRIVATE);
}

// The environment, with room for the HOME that INIT finds in the root: where there is none, or, in
// a document, an empty one. Of a name that is given twice the last counts, as for shells.
void plan_set_program(struct builder *builder)
{
	const struct box_spec *spec = builder->spec;
	const struct oci_strings *args = &spec->oci.process.args;
	struct plan *plan = builder->plan;
	struct oci_strings env;
	oci_strings_last(builder->arena, &spec->oci.process.env, '=', &env);
	plan->argv = arena_array(builder->arena, const char *, args->n + 1);
	memcpy(plan->argv, args->item, args->n * sizeof(*args->item));
	plan->envp = arena_array(builder->arena, const char *, env.n + 2);
	plan->home = spec->home_from_passwd;
	for (size_t i = 0; i < env.n; i++) {
		const char *variable = env.item[i];
		if (spec->exact && plan->home && str_eq(variable, "HOME="))
			continue;
		plan->envp[plan->envp_n++] = variable;
		if (str_starts(variable, "HOME="))
			plan->home = false;
	}
}

int plan_build(struct arena *arena, const struct box_spec *spec, const struct facts *facts,
	       struct plan *ret_plan)
{
	struct plan plan = {.spec = spec, .facts = facts};
	struct builder builder = {.arena = arena, .spec = spec, .facts = facts, .plan = &plan};
	if (!spec->oci.process.args.n)
		return fail(-EINVAL, "there is no command to run");
	TRY(plan_refuse(&builder));
	plan_prepare_hooks(&builder);
	add_state(&builder);
	TRY(plan_add_cgroups(&builder));
	TRY(plan_add_process(&builder));
	TRY(plan_add_unit(&builder));
	add_first_steps(&builder);
	TRY(plan_add_own_settings(&builder));
	if (plan.outside)
		plan_add(&builder, ACTOR_INIT, OP_ROOT_PLACE);
	else
		TRY(plan_add_root(&builder));
	TRY(plan_add_mounts(&builder));
	plan_add_hooks(&builder, ACTOR_HOST, OCI_HOOK_PRESTART);
	plan_add_hooks(&builder, ACTOR_HOST, OCI_HOOK_CREATE_RUNTIME);
	plan_add_hooks(&builder, ACTOR_INIT, OCI_HOOK_CREATE_CONTAINER);
	TRY(plan_add_rights(&builder));
	plan_add_hooks(&builder, ACTOR_LATER, OCI_HOOK_POSTSTART);
	plan_add_hooks(&builder, ACTOR_LATER, OCI_HOOK_POSTSTOP);
	plan_set_program(&builder);
	plan.steps = builder.steps;
	plan.steps_n = builder.steps_n;
	*ret_plan = plan;
	return 0;
}
