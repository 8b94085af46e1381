// SPDX-License-Identifier: Apache-2.0
// limits.h - the flags that limit what a container uses
#pragma once

#include "engine/place.h"
#include "engine/run_opts.h"
#include "kern/facts.h"

// Fills the resources that the flags name. What is not given, or given as "no limit", stays "not
// given": a new cgroup has no limits.
//
// Errors beside bad values: less than Docker's least (6m, 0.01 processors), more processors than
// there are, swap that is smaller than the memory or comes without it, and any limit where the
// container gets no cgroup of its own (--cgroups disabled, users whom nobody gave one).
int limits_parse(struct arena *arena, const struct run_opts *opts, const struct facts *facts,
		 const struct engine_place *place, struct oci_resources *ret_resources);

// Which facts they need beside the cheap ones (enum facts_want).
unsigned limits_want(const struct run_opts *opts);
