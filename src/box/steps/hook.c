// SPDX-License-Identifier: Apache-2.0
// hook.c - the step that runs a hook
#include "box/steps/op.h"

#include "base/fail.h"
#include "base/sys.h"
#include "box/exec/hook.h"
#include "box/steps/walk.h"

// As the hook sees it: in the container's pid namespace INIT is number 1.
static int run_inside(struct walk *walk, const struct hook *hook)
{
	int root = hook->kind == OCI_HOOK_CREATE_CONTAINER ? walk->slot[SLOT_ROOT] : -1;
	TRY(hook_run(hook, &walk->plan->hook_state, sys_call(SYS_getpid), root, walk->why));
	memset(walk->why, 0, sizeof(*walk->why));
	return 0;
}

static int run_outside(struct walk *walk, const struct hook *hook)
{
	struct exec_why why;
	int result = hook_run(hook, &walk->plan->hook_state, walk->pid, -1, &why);
	return result < 0 ? exec_why_fail(walk->arena, &why) : 0;
}

static int hook_step_run(struct walk *walk, const struct step *step)
{
	const struct hook *hook = &walk->plan->hooks[step->k];
	return walk->self == ACTOR_INIT ? run_inside(walk, hook) : run_outside(walk, hook);
}

static void hook_step_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "run the %s hook %s", step->a, step->b);
	if (step->c)
		buf_printf(say->title, " with %s", step->c);
	if (step->n)
		buf_printf(say->title, ", for %llu s at most", (unsigned long long)step->n);
	buf_puts(say->call,
		 "memfd_create(\"state\"); clone(); setsid(); execve(); ppoll(); wait4()");
}

static void hook_step_script(struct buf *out, const struct plan *plan unused_,
			     const struct step *step)
{
	buf_puts(out, "# (hooks belong to the bundle's engine, the script leaves them out)\n");
	(void)step;
}

static const struct lore lores[OCI_HOOK_COUNT] = {
	[OCI_HOOK_PRESTART] =
		{
			.why = "the container's namespaces and mounts are there and its program is "
			       "not: an engine can add a network or a device now. createRuntime "
			       "has taken this one's place",
			.without = "what the engine adds would be missing",
			.look = "ps, while it runs",
		},
	[OCI_HOOK_CREATE_RUNTIME] =
		{
			.why = "the container's namespaces and mounts are there and its program is "
			       "not: an engine can add a network or a device now, from outside",
			.without = "what the engine adds would be missing",
			.look = "ps, while it runs",
		},
	[OCI_HOOK_CREATE_CONTAINER] =
		{
			.why = "a program of the host's runs among the container's mounts before "
			       "the host's are gone: it can mount more",
			.without = "what it mounts would be missing",
			.look = "ps, while it runs",
		},
	[OCI_HOOK_START_CONTAINER] =
		{
			.why = "a program of the root's that prepares it, such as ldconfig, with the "
			       "rights that the container has",
			.without = "the root would not be as the program needs it",
			.look = "ps, while it runs",
		},
	[OCI_HOOK_POSTSTART] =
		{
			.why = "an engine wants to know that the program runs; start does this",
			.without = "it would not learn of it",
			.look = "ps, while it runs",
		},
	[OCI_HOOK_POSTSTOP] =
		{
			.why = "what the other hooks have added is taken back; delete does this",
			.without = "it would stay behind",
			.look = "ps, while it runs",
		},
};

static const struct lore *hook_step_lore(const struct plan *plan, const struct step *step)
{
	return &lores[plan->hooks[step->k].kind];
}

const struct op_row op_hook = {
	.name = "hook",
	.operands = "abcnk",
	.lore =
		{
			.why = "the bundle's author wants a program run at this moment",
			.without = "what it does would be missing",
			.look = "ps, while it runs",
		},
	.run = hook_step_run,
	.say = hook_step_say,
	.script = hook_step_script,
	.lore_of = hook_step_lore,
};
