// SPDX-License-Identifier: Apache-2.0
// choice.h - options whose value is one of a few words
#pragma once

#include "box/spec.h"
#include "engine/namespaces/namespace_choice.h"
#include "engine/run_opts.h"
#include "engine/process/security_opt.h"
#include "engine/ids/userns.h"
#include "kern/facts.h"

// What those words ask for.
struct choices {
	struct namespace_choice ns[NAMESPACE_COUNT]; // --network, --pid, --ipc, --uts, --cgroupns;
						     // of --userns what joins
	bool host_network;                           // --network host
	struct userns userns;                        // --userns, what is about id maps
	bool cgroups;                                // the container may have a cgroup of its own
	bool cgroup_asked;                           // and is to have one, limits or not
	struct security security;                    // --security-opt
};

// Reads --network, --pid, --ipc, --uts, --cgroupns, --userns, --cgroups, --security-opt and the
// combination of --explain, --trace, --script and --json. Words that Docker or Podman know and
// tare does not are refused by name.
int choices_parse(struct arena *arena, const struct run_opts *opts, const struct facts *facts,
		  struct choices *ret_choices);
