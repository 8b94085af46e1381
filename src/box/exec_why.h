// SPDX-License-Identifier: Apache-2.0
// exec_why.h - becoming the workload, and why that failed
//
// The child's half (exec_run) uses system calls only and keeps what it saw in a struct of fixed
// size, which travels to the parent; the parent's half (exec_why_fail) puts it into words.
#pragma once

#include "base/arena.h"

enum { EXEC_PATH_MAX = 512 };

// Our own executable, which must never run inside a container.
struct exec_own {
	uint64_t device;
	uint64_t inode;
};

struct exec_why {
	int32_t error;            // negative errno; 0: nothing failed
	char path[EXEC_PATH_MAX]; // what was tried, cut where it is longer
};

// HOST: reads which file that is; all zero where it can't be told.
void exec_own(struct exec_own *ret_own);

// INIT: finds args[0] (on env's PATH when it has no slash), calls before(context) and becomes it.
// Returns only on failure, a negative errno, with *ret_why filled.
int exec_run(const struct exec_own *own, const char *const *args, const char *const *env,
	     int (*before)(void *), void *context, struct exec_why *ret_why);

// HOST: words it by fail(), with the hint and the exit status (126 or 127). Returns the errno.
int exec_why_fail(struct arena *arena, const struct exec_why *why);
