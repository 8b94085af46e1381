// SPDX-License-Identifier: Apache-2.0
// target.h - the container that a process is to enter, as box wants it described
#pragma once

#include "box/spec.h"
#include "kern/facts.h"
#include "runtime/container.h"

// Finds its namespaces and groups; `document` is what it was made of. `below` are the values of
// --cgroup: "[CONTROLLER,…:]PATH", a group below the container's that is there.
int target_find(struct arena *arena, const struct container *container,
		const struct oci_spec *document, const struct facts *facts,
		const struct oci_strings *below, struct box_target *ret_target);
