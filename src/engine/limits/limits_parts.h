// SPDX-License-Identifier: Apache-2.0
// limits_parts.h - the pieces that limits_parse is put together from
#pragma once

#include "engine/place.h"
#include "engine/run_opts.h"
#include "kern/facts.h"

// Each fills the resources that its flags name. What is not given, or given as "no limit", stays
// "not given". They may leave some filled when they fail.
int limits_memory(const struct run_opts *opts, const struct facts *facts,
		  struct oci_resources *resources);
int limits_cpu(const struct run_opts *opts, const struct facts *facts, unsigned processors,
	       struct oci_resources *resources);
