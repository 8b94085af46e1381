// SPDX-License-Identifier: Apache-2.0
// readings.h - what must hold of every way to read a plan
#pragma once

#include "box/plan.h"

// Checks the plan's text, explanation (for people and as JSON) and script. `secrets` are the texts
// that none of them may hold. `met` is set for each op that was met. Returns 0, or an
// error of fail.h that says what is wrong.
int readings_check(struct arena *arena, const struct plan *plan, const struct oci_strings *secrets,
		   bool met[OP_COUNT]);
