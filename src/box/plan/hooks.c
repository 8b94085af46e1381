// SPDX-License-Identifier: Apache-2.0
// hooks.c - the part of a plan that runs programs of the bundle's author
//
// Where each kind stands is runtime.md's: prestart and createRuntime outside, createContainer in
// the container's namespaces, all three when its mounts are there and before the pivot;
// startContainer inside, after start and before the program. poststart and poststop are the
// runtime's, by commands that come later: they end the plan.
#include "box/plan/builder.h"
#include "box/exec/hook.h"

enum { HOOK_TEXT_MAX = 4 << 20 };

static const char *command_text(struct builder *builder, const struct hook *hook)
{
	struct buf text = buf_new(builder->arena, HOOK_TEXT_MAX);
	buf_shell(&text, hook->path);
	for (size_t i = 0; hook->argv[i]; i++) {
		if (i == 0 && str_eq(hook->argv[0], hook->path))
			continue;
		buf_puts(&text, i ? " " : " as ");
		buf_shell(&text, hook->argv[i]);
	}
	return text.p;
}

static const char *environment_text(struct builder *builder, const struct hook *hook)
{
	struct buf text = buf_new(builder->arena, HOOK_TEXT_MAX);
	for (size_t i = 0; hook->envp[i]; i++) {
		if (i)
			buf_putc(&text, ' ');
		buf_shell(&text, hook->envp[i]);
	}
	return text.n ? text.p : NULL;
}

void plan_add_hooks(struct builder *builder, enum actor actor, enum oci_hook_kind kind)
{
	const struct oci_hook_list *list = &builder->spec->oci.hooks.kind[kind];
	struct plan *plan = builder->plan;
	for (size_t i = 0; i < list->n; i++) {
		struct hook *hook = &plan->hooks[plan->hooks_n];
		hook_make(builder->arena, kind, &list->item[i], hook);
		struct step *step = plan_add_texts(builder, actor, OP_HOOK, oci_hook_names[kind],
						   command_text(builder, hook),
						   environment_text(builder, hook));
		step->n = (uint64_t)hook->timeout;
		step->k = (int32_t)plan->hooks_n++;
	}
}

void plan_prepare_hooks(struct builder *builder)
{
	const struct box_spec *spec = builder->spec;
	size_t n = 0;
	for (size_t kind = 0; kind < OCI_HOOK_COUNT; kind++)
		n += spec->oci.hooks.kind[kind].n;
	if (!n)
		return;
	builder->plan->hooks = arena_array(builder->arena, struct hook, n);
	hook_state_make(builder->arena, spec->oci.oci_version, spec->id,
			spec->bundle ? spec->bundle : "/", &spec->oci.annotations,
			&builder->plan->hook_state);
}
