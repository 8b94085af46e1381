// SPDX-License-Identifier: Apache-2.0
// limits.h - the flags that limit what a container uses
#pragma once

#include "engine/run_opts.h"
#include "kern/facts.h"

// Fills the resources that the flags name. What is not given, or given as "no limit", stays "not
// given": a new cgroup has no limits.
//
// Errors beside bad values: less than Docker's least (6m, 0.01 processors), more processors than
// `processors`, swap that is smaller than the memory or comes without it, and any limit where the
// container gets no cgroup of its own (--cgroups disabled, ordinary users).
int limits_parse(const struct run_opts *opts, const struct facts *facts, unsigned processors,
		 struct oci_resources *ret_resources);

// Whether one is among them that wants FACTS_LIMITS.
bool limits_are_rare(const struct run_opts *opts);
