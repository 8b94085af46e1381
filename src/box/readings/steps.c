// SPDX-License-Identifier: Apache-2.0
// steps.c - the interpreter's own steps for the script
//
// Where a script has pivoted into a root without any program, `tare step` goes on: it reads the
// steps as text, makes a plan of them and walks it in its own process.
#include "box/readings/steps.h"

#include "base/fail.h"
#include "base/fd.h"
#include "box/plan/builder.h"
#include "box/steps/op.h"
#include "box/plan/seccomp.h"
#include "box/exec/reaper.h"
#include "box/steps/words.h"
#include "kern/cgroup/devices.h"

#include <fcntl.h>
#include <sys/utsname.h>

static int read_steps(struct builder *builder, const struct steps_want *want)
{
	for (size_t i = 0; i < want->steps.n; i++) {
		struct step step;
		TRY(step_read(builder->arena, want->steps.item[i], &step));
		if (step.op < OP_DIE_WITH_PARENT && step.op != OP_DEVICE_FILTER &&
		    step.op != OP_SCOPE)
			return fail(-EINVAL, "step '%s': it is not one to be taken alone",
				    want->steps.item[i]);
		*plan_add(builder, ACTOR_INIT, step.op) = step;
	}
	if (want->args.n)
		plan_add(builder, ACTOR_INIT, OP_EXEC);
	return 0;
}

static const char *variable_of(const char *const *environment, const char *name)
{
	size_t n = strlen(name);
	for (; *environment; environment++)
		if (strncmp(*environment, name, n) == 0 && (*environment)[n] == '=')
			return *environment;
	return NULL;
}

static void set_environment(struct builder *builder, const struct steps_want *want)
{
	struct plan *plan = builder->plan;
	plan->envp = arena_array(builder->arena, const char *, want->env.n + 2);
	for (size_t i = 0; i < want->env.n; i++) {
		const char *variable = want->env.item[i];
		if (!strchr(variable, '='))
			variable = variable_of(want->environment, variable);
		if (variable)
			plan->envp[plan->envp_n++] = variable;
	}
	plan->home = want->home;
	plan->argv = arena_array(builder->arena, const char *, want->args.n + 1);
	if (want->args.n)
		memcpy(plan->argv, want->args.item, want->args.n * sizeof(*want->args.item));
}

// The filter depends on the bounding set, which a step before it names.
static int set_filter(struct builder *builder)
{
	struct seccomp_want want = {.machine = SECCOMP_NATIVE};
	struct seccomp_filter filter;
	const char *profile = NULL;
	bool wanted = false;
	for (size_t i = 0; i < builder->steps_n; i++) {
		wanted = wanted || builder->steps[i].op == OP_SECCOMP;
		if (builder->steps[i].op == OP_SECCOMP_PROFILE ||
		    builder->steps[i].op == OP_SECCOMP_AT_EXEC)
			profile = builder->steps[i].a;
		if (builder->steps[i].op == OP_BOUNDING)
			want.capabilities = builder->steps[i].n;
	}
	if (!wanted && !profile)
		return 0;
	want.kernel[0] = builder->facts->kernel_major;
	want.kernel[1] = builder->facts->kernel_minor;
	if (profile)
		TRY(seccomp_filter_read(builder->arena, profile, &filter));
	else
		TRY(seccomp_default(builder->arena, &want, &filter));
	builder->plan->filter = filter.code;
	builder->plan->filter_n = filter.n;
	return 0;
}

static int set_devices(struct builder *builder, struct walk *walk, const struct steps_want *want)
{
	if (!want->cgroup)
		return 0;
	struct device_rule *rules;
	TRY(plan_device_rules(builder, &rules));
	walk->slot[SLOT_CGROUP2] = open(want->cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (walk->slot[SLOT_CGROUP2] < 0)
		return fail_sys(-errno, "cgroup '%s'", want->cgroup);
	return devices_v2_program(builder->arena, rules,
				  builder->spec->oci.linux_.resources.devices_n,
				  &builder->plan->device_program, &builder->plan->device_program_n);
}

int steps_take(struct arena *arena, const struct steps_want *want, const struct box_spec *spec)
{
	struct facts facts = {.ignored = UINT64_MAX}; // whatever the script's caller ignores
	struct plan plan = {.spec = spec, .facts = &facts};
	struct builder builder = {.arena = arena, .spec = spec, .facts = &facts, .plan = &plan};
	struct utsname kernel;
	struct exec_why why = {0};
	struct walk walk;
	if (uname(&kernel) == 0)
		sscanf(kernel.release, "%u.%u", &facts.kernel_major, &facts.kernel_minor);
	TRY(read_steps(&builder, want));
	set_environment(&builder, want);
	TRY(set_filter(&builder));
	plan.steps = builder.steps;
	plan.steps_n = builder.steps_n;
	walk_init(&walk, &plan);
	walk.pid = want->pid;
	TRY(set_devices(&builder, &walk, want));
	walk.arena = arena;
	walk.why = &why;
	exec_own(&walk.own);
	if (want->init)
		walk.slot[SLOT_REAPER] = reaper_open();
	size_t failed;
	int result = walk_here(&walk, 0, plan.steps_n, &failed);
	return result < 0 ? walk_word_failure(&walk, failed, result, &why) : 0;
}
