// SPDX-License-Identifier: Apache-2.0
// exec.c - the order of entering: one more process in a container that runs
//
// Nothing is made but a process. It enters the container's groups while it stands in the host's
// root, where their files are; then all namespaces in one call, by a descriptor of the container's
// first process. From there on it is as at a start: the rights go in the same order, down to what
// a document says. Who is inside sees it from the moment it is born there, while it is still our
// program with our rights: so before it, its maker takes care that nobody may look into it.
//
// Only children of who enters a pid namespace are in it. Root's HOST can say so for its child and
// stay where it is; in an ordinary user's container it takes its user namespace to have the right,
// which HOST can't enter and come back from. So there MID stands between them.
#include "box/plan/builder.h"

#include "base/fail.h"

#include <sched.h>

static bool needs_mid(const struct builder *builder)
{
	return builder->facts->uid && builder->spec->target->namespaces & CLONE_NEWUSER;
}

// HOST has nothing to do between the child's steps; and the kernel does not change the time
// namespace of one of several who share memory.
static bool may_share_memory(const struct builder *builder)
{
	for (size_t i = 0; i < builder->steps_n; i++)
		if (builder->steps[i].actor == ACTOR_HOST && builder->steps[i].op > OP_CLONE)
			return false;
	return !builder->plan->mid && !(builder->spec->target->namespaces & CLONE_NEWTIME);
}

static void add_enter(struct builder *builder, enum actor actor, uint64_t kinds)
{
	struct buf words = buf_new(builder->arena, 256);
	for (size_t i = 0; i < NAMESPACE_COUNT; i++)
		if (kinds & namespaces[i].flag)
			buf_printf(&words, "%s%s", words.n ? ", " : "", namespaces[i].name);
	if (kinds)
		plan_add_texts(builder, actor, OP_ENTER, words.p, NULL, NULL)->n = kinds;
}

static void add_affinity(struct builder *builder, enum actor actor, const char *list)
{
	plan_add_texts(builder, actor, OP_AFFINITY, list, NULL, NULL);
}

// Files of a process that may not be looked into are root's: a user's own process writes them
// before that, and its child has what it wrote.
static void add_traits_of_host(struct builder *builder, enum actor actor)
{
	size_t first = builder->steps_n;
	plan_add_oom_score(builder);
	plan_add_labels(builder);
	for (size_t i = first; i < builder->steps_n; i++)
		builder->steps[i].actor = (uint8_t)actor;
}

// Up to the child. Returns what is left for it to enter.
static uint64_t add_birth(struct builder *builder)
{
	const struct box_target *target = builder->spec->target;
	const struct oci_affinity *affinity = &builder->spec->oci.process.exec_cpu_affinity;
	struct plan *plan = builder->plan;
	plan->mid = needs_mid(builder);
	enum actor maker = plan->mid ? ACTOR_MID : ACTOR_HOST;
	uint64_t first = plan->mid ? CLONE_NEWUSER | CLONE_NEWPID : CLONE_NEWPID;
	if (target->cgroup2)
		plan_add_texts(builder, ACTOR_HOST, OP_CGROUP_OPEN, target->cgroup2, NULL, NULL);
	if (plan->mid) {
		plan_add(builder, ACTOR_HOST, OP_MID);
		add_traits_of_host(builder, ACTOR_MID);
	}
	if (affinity->initial)
		add_affinity(builder, maker, affinity->initial);
	plan_add(builder, maker, OP_UNDUMPABLE);
	add_enter(builder, maker, target->namespaces & first);
	plan_add(builder, maker, OP_CLONE);
	return target->namespaces & ~first;
}

static void add_groups(struct builder *builder)
{
	const struct box_target *target = builder->spec->target;
	const char *final = builder->spec->oci.process.exec_cpu_affinity.final;
	for (size_t i = 0; i < target->tasks.n; i++)
		plan_add_texts(builder, ACTOR_INIT, OP_CGROUP_JOIN, target->tasks.item[i],
			       "the container", NULL);
	if (final || target->tasks.n || target->cgroup2)
		add_affinity(builder, ACTOR_INIT, final);
}

static void add_terminal(struct builder *builder)
{
	const struct oci_process *process = &builder->spec->oci.process;
	if (!process->terminal)
		return;
	struct step *step = plan_add(builder, ACTOR_INIT, OP_TERMINAL_INSIDE);
	step->n = process->console_size.height;
	step->m = process->console_size.width;
	step->k = builder->spec->plain_lines;
}

int plan_build_exec(struct arena *arena, const struct box_spec *spec, const struct facts *facts,
		    struct plan *ret_plan)
{
	struct plan plan = {.spec = spec, .facts = facts};
	struct builder builder = {.arena = arena, .spec = spec, .facts = facts, .plan = &plan};
	if (!spec->oci.process.args.n)
		return fail(-EINVAL, "there is no command to run");
	TRY(plan_refuse_process(&spec->oci.process));
	plan_set_maps(&builder);
	uint64_t rest = add_birth(&builder);
	plan_add(&builder, ACTOR_INIT, OP_CLEAN_SLATE);
	if (!plan.mid)
		add_traits_of_host(&builder, ACTOR_INIT);
	add_groups(&builder);
	add_enter(&builder, ACTOR_INIT, rest);
	if (plan_maps_root(&plan))
		plan_add(&builder, ACTOR_INIT, OP_BECOME_ROOT);
	add_terminal(&builder);
	TRY(plan_add_program(&builder));
	plan.share_memory = may_share_memory(&builder);
	plan_set_program(&builder);
	plan.steps = builder.steps;
	plan.steps_n = builder.steps_n;
	*ret_plan = plan;
	return 0;
}
