// SPDX-License-Identifier: Apache-2.0
// exec.h - one more process in a container, from the options to what box makes of it
#pragma once

#include "box/spec.h"
#include "kern/facts.h"
#include "runtime/container.h"
#include "runtime/process.h"

struct exec_opts {
	struct process_want process;
	bool detach;                // --detach
	const char *pid_file;       // --pid-file
	const char *console;        // --console-socket
	const char *preserve_fds;   // --preserve-fds
	struct oci_strings cgroups; // --cgroup
	bool ignore_paused;         // --ignore-paused
	bool no_subreaper;          // --no-subreaper: tare-oci never is one
};

// Makes the specification; `document` is what the container was made of. The spec's target is
// *ret_target. Errors name the option.
int exec_spec(struct runtime_call *call, const struct exec_opts *opts,
	      const struct container *container, const struct oci_spec *document,
	      const struct facts *facts, struct box_target *ret_target, struct box_spec *ret_spec);
