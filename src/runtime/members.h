// SPDX-License-Identifier: Apache-2.0
// members.h - all processes of a container
#pragma once

#include "runtime/container.h"

struct members { // by their numbers, the lowest first
	pid_t *pid;
	size_t n;
};

// Those of its cgroup and of the groups below that; where it has none those of its pid namespace.
// A container that has ended may have some, if it shares a pid namespace. One without both is an
// error: what its first process started can't be told from the rest.
int members_read(struct arena *arena, const struct container *container,
		 struct members *ret_members);

bool members_has(const struct members *members, pid_t pid);

// Sends all of them a signal; KILL until none is left. Returns 0, or an error; -ESRCH where there
// are none.
int members_signal(struct arena *arena, const struct container *container, int signal);
