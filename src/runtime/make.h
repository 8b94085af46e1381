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
