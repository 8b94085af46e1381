// SPDX-License-Identifier: Apache-2.0
// idmap_namespace.h - a user namespace that is nothing but its id maps
#pragma once

#include "kern/namespaces/idmap.h"

// Makes one with these maps. Returns its descriptor, or an error of fail.h. For root: who writes
// maps of other users' ids needs CAP_SETUID and CAP_SETGID.
int idmap_namespace(struct arena *arena, const struct id_maps *maps, const struct facts *facts);
