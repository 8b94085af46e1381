// SPDX-License-Identifier: Apache-2.0
// make.h - a container made of a bundle, up to its start
#pragma once

#include "runtime/container.h"

struct make_want {
	const char *bundle;       // directory
	const char *pid_file;     // --pid-file; NULL: none
	const char *console;      // --console-socket; NULL: none
	const char *preserve_fds; // --preserve-fds; NULL: none
	bool foreground;          // its terminal, if it has one, is looked after by us
};

struct made {
	struct container container; // locked
	int pidfd;                  // of its first process, our child
	int master;                 // the terminal's outer end; -1: it has none, or it was sent
};

// Makes it. On failure nothing is left.
int make_container(struct runtime_call *call, const char *id, const struct make_want *want,
		   struct made *ret_made);

// --pid-file: writes the number, all at once.
int make_pid_file(struct arena *arena, const char *path, pid_t pid);

// --preserve-fds: how many, 0 where `text` is NULL.
int make_read_fds(const char *text, int *ret_n);
