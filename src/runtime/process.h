// SPDX-License-Identifier: Apache-2.0
// process.h - the process that exec adds: what the container's document says, and what was asked
// for
#pragma once

#include "oci/spec.h"
#include "runtime/runtime.h"

// What is asked for; NULL, false and empty where it is not.
struct process_want {
	const char *file;          // --process: a document, in the place of the container's
	bool terminal;             // --tty
	const char *cwd;           // --cwd
	struct oci_strings env;    // --env, "NAME=value"
	const char *user;          // --user, "UID[:GID]"
	struct oci_strings groups; // --additional-gids
	struct oci_strings caps;   // --cap
	bool no_new_privileges;    // --no-new-privs
	const char *apparmor;      // --apparmor
	const char *label;         // --process-label
	struct oci_strings args;   // the program and its arguments
};

// Makes it of the container's own process. Errors name the option, or the place in the document.
int process_make(struct runtime_call *call, const struct process_want *want,
		 const struct oci_process *own, struct oci_process *ret_process);
