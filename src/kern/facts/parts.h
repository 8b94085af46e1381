// SPDX-License-Identifier: Apache-2.0
// parts.h - the pieces that facts_gather is put together from
#pragma once

#include "kern/facts.h"

// Fills what is about cgroups: controller[], cgroup2, swap_accounting, device_filter.
// With FACTS_LIMITS also what the rarer limits need.
int facts_cgroup(struct arena *arena, unsigned want, struct facts *facts);

// Fills what the rarer limits need. What can't be read is not there.
void facts_limits(struct arena *arena, struct facts *facts);

// Finds where an ordinary user may have cgroups: delegated, delegated_controllers, service_manager.
void facts_delegated(struct arena *arena, struct facts *facts);

// What user_namespace_denied is (see facts.h), by a trial whose success is kept in `cache`.
const char *facts_userns_denied(struct arena *arena, const char *cache, const struct facts *facts);

// Tries an overlay in a user namespace, on the file system that `places->layers` is on or will be;
// or reads from the cache that it worked there before.
bool facts_userns_overlay(struct arena *arena, const struct facts_places *places,
			  const struct facts *facts);
