// SPDX-License-Identifier: Apache-2.0
// hook.h - a program that a bundle's document wants run on the way of its container's life
//
// config.md, "POSIX-platform Hooks". It gets the container's state on its standard input, and no
// other variables than its own. What it writes is kept, and the end of that told when it fails.
#pragma once

#include "base/arena.h"
#include "box/exec/why.h"
#include "oci/hooks.h"

// A hook, ready to be started without memory.
struct hook {
	enum oci_hook_kind kind;
	const char *path;
	const char *const *argv; // ends in NULL
	const char *const *envp;
	int64_t timeout; // seconds; 0: none
};

// A container's state, but for what changes: the text before and after that.
struct hook_state {
	const char *head;
	const char *tail;
};

void hook_make(struct arena *arena, enum oci_hook_kind kind, const struct oci_hook *hook,
	       struct hook *ret_hook);
void hook_state_make(struct arena *arena, const char *oci_version, const char *id,
		     const char *bundle, const struct oci_pairs *annotations,
		     struct hook_state *ret_state);

// Runs it and waits for its end, or kills it and its group when its time is over. `pid` is the
// container's first process as the hook would see it, 0 where there is none; `directory` where it
// starts, -1: where we are. Returns 0, or a negative errno with *ret_why filled, for exec_why_fail.
// System calls only.
int hook_run(const struct hook *hook, const struct hook_state *state, int64_t pid, int directory,
	     struct exec_why *ret_why);
