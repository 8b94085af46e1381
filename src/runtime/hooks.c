// SPDX-License-Identifier: Apache-2.0
// hooks.c - the hooks that come after a container was made
//
// runtime.md, "Lifecycle": a poststart hook that fails is an error, and the container is removed;
// one of poststop is only warned of, and the others follow.
#include "runtime/hooks.h"

#include "base/fail.h"
#include "oci/spec.h"
#include "runtime/log.h"

int hooks_read(struct arena *arena, const struct container *container, struct hook_set *ret_set)
{
	struct oci_spec spec;
	struct hook_set set = {0};
	*ret_set = set;
	if (!container->hooks)
		return 0;
	TRY(container_document(arena, container, &spec));
	size_t n = 0;
	for (size_t kind = 0; kind < OCI_HOOK_COUNT; kind++)
		n += spec.hooks.kind[kind].n;
	struct hook *hooks = arena_array(arena, struct hook, n);
	for (enum oci_hook_kind kind = 0; kind < OCI_HOOK_COUNT; kind++)
		for (size_t i = 0; i < spec.hooks.kind[kind].n; i++)
			hook_make(arena, kind, &spec.hooks.kind[kind].item[i], &hooks[set.n++]);
	set.item = hooks;
	hook_state_make(arena, container->oci_version, container->id, container->bundle,
			&container->annotations, &set.state);
	*ret_set = set;
	return 0;
}

int hooks_run(const struct runtime_call *call, const struct hook_set *set, enum oci_hook_kind kind,
	      int64_t pid)
{
	for (size_t i = 0; i < set->n; i++) {
		struct exec_why why;
		if (set->item[i].kind != kind ||
		    hook_run(&set->item[i], &set->state, pid, -1, &why) == 0)
			continue;
		int result = exec_why_fail(call->arena, &why);
		if (kind != OCI_HOOK_POSTSTOP)
			return result;
		log_warning(call, fault_last()->text);
		fault_clear();
	}
	return 0;
}
