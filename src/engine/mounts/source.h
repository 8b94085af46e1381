// SPDX-License-Identifier: Apache-2.0
// source.h - what a bind mount shows, looked at on the host before the start
#pragma once

#include "engine/place.h"

// What looking found.
struct source_found {
	struct oci_strings missing; // sources that are not there and are to be made
	struct oci_strings notices; // what the user is told
};

// Looks at the source of a bind mount. One that is missing is added to `found`, or is an error
// where it may not be made. Propagation needs a source whose mount takes part in it; a label (z, Z)
// is refused for what belongs to the host, and where SELinux would need one. `flag` and `text` are
// for messages, `ordinary` says that the caller is not root.
int source_check(struct arena *arena, const struct engine_place *place, const char *flag,
		 const char *text, const struct oci_mount *mount, bool make, bool ordinary,
		 struct source_found *found);
