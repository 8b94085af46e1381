// SPDX-License-Identifier: Apache-2.0
// clone.h - a child process in new namespaces
#pragma once

struct clone_want {
	uint64_t namespaces; // CLONE_NEW… flags
	bool share_memory;   // run the child in our memory until it execs or exits; we stand still
	bool sibling;        // its parent is ours, not we
	int cgroup;          // cgroup2 directory it is born into; -1: ours
};

// Makes a child that calls child(argument) and exits with what that returns. The child has the
// signal mask of the caller; where it shares memory it has a stack of its own. Returns 0, or a
// negative errno without words.
int clone_child(const struct clone_want *want, int (*child)(void *), void *argument, int *ret_pidfd,
		pid_t *ret_pid);
