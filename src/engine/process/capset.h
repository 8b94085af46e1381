// SPDX-License-Identifier: Apache-2.0
// capset.h - which capabilities a container may have: Docker's set, --cap-add, --cap-drop
#pragma once

#include "engine/run_opts.h"
#include "kern/facts.h"

// Works out the bounding set, one bit each. `device_rules` says whether devices are filtered: where
// they are not, and no user namespace denies it anyway, CAP_MKNOD is not in the set.
//
// As in Docker: the default set (all, with --privileged), less the dropped, plus the added ones;
// "--cap-drop ALL" leaves the added ones, "--cap-add ALL" is all but the dropped. Errors: unknown
// names (the nearest is proposed), ALL both added and dropped, and an added one that the caller or
// this kernel does not have.
int capset_make(const struct run_opts *opts, const struct facts *facts, bool device_rules,
		uint64_t *ret_set);

// The names, "CAP_CHOWN" first.
struct oci_strings capset_names(struct arena *arena, uint64_t set);
