// SPDX-License-Identifier: Apache-2.0
// script.h - a plan as a shell script
#pragma once

#include "box/plan.h"

// Prints a script of unshare(1), mount(8) and their kin that builds the same container; as a JSON
// list of {step, comment, shell} with `json`.
int plan_script(struct buf *out, const struct plan *plan, bool json);
