// SPDX-License-Identifier: Apache-2.0
// steps.h - single steps, taken in this very process
#pragma once

#include "box/steps/walk.h"

struct steps_want {
	struct oci_strings steps; // each the text of a step: "rlimit RLIMIT_NOFILE 7 1024 1024"
	struct oci_strings args; // the program to become at the end; none: only the steps are taken
	struct oci_strings env;  // "NAME=value", or "NAME" to take it from `environment`
	bool init;               // put the reaper in front of the program
	bool home;               // add the HOME that the user step finds
	const char *cgroup;      // of a device-filter step
	pid_t pid;               // the process that a scope step moves; 0: this one
	const char *const *environment;
};

// Takes the steps, which must be INIT's or the device filter, and becomes the program. `spec` gives
// the device rules. Returns only on failure, or 0 without a program.
int steps_take(struct arena *arena, const struct steps_want *want, const struct box_spec *spec);
