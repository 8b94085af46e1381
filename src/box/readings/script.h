// SPDX-License-Identifier: Apache-2.0
// script.h - a plan as a shell script
#pragma once

#include "box/plan.h"

// What the script has to know of its reader's machine.
struct script_want {
	const char *program; // tare's own path, for the steps that no other program takes
	bool json;           // as a list of {step, comment, shell} instead
};

// Prints a script of unshare(1), mount(8) and their kin that builds the same container.
void plan_script(struct buf *out, const struct plan *plan, const struct script_want *want);
