// SPDX-License-Identifier: Apache-2.0
// hooks.h - the hooks that come after a container was made
#pragma once

#include "box/exec/hook.h"
#include "runtime/container.h"

struct hook_set {
	const struct hook *item;
	size_t n;
	struct hook_state state;
};

// Reads those of a container's document, which lies in its directory.
int hooks_read(struct arena *arena, const struct container *container, struct hook_set *ret_set);

// Runs those of one kind. One that fails is an error, or after the end, where all are to be run, a
// warning. `pid` is that of the container's first process, 0 where it has ended.
int hooks_run(const struct runtime_call *call, const struct hook_set *set, enum oci_hook_kind kind,
	      int64_t pid);
