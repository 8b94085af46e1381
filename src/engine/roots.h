// SPDX-License-Identifier: Apache-2.0
// roots.h - the two directories under which tare keeps everything
#pragma once

#include "base/arena.h"

struct roots {
	const char *root;    // what stays: "/var/lib/tare"
	const char *runroot; // what does not outlive a boot: "/run/tare"
};

// What decides where they are.
struct roots_caller {
	uint32_t uid;                   // effective user id
	const char *cwd;                // working directory, for relative names
	const char *const *environment; // ends in NULL
};

// Where they are for a caller, from the options (NULL: not given), the environment or the usual
// place. Looks at no file. An error only where an ordinary user has neither HOME nor a name given.
int roots_choose(struct arena *arena, const char *root, const char *runroot,
		 const struct roots_caller *caller, struct roots *ret_roots);

// The same for this process.
int roots_name(struct arena *arena, const char *root, const char *runroot, struct roots *ret_roots);

// The same, for whoever reads or writes there. What is there already must be a directory of the
// caller that nobody else may write to: everything read from it is believed to be ours.
int roots_find(struct arena *arena, const char *root, const char *runroot, struct roots *ret_roots);

// Makes those that are missing, 0700, and checks again.
int roots_make(const struct roots *roots);
