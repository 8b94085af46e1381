// SPDX-License-Identifier: Apache-2.0
// script.c - a plan as a shell script
#include "box/script.h"

int plan_script(struct buf *out, const struct plan *plan, bool json unused_)
{
	plan_text(out, plan);
	return 0;
}
