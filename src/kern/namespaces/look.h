// SPDX-License-Identifier: Apache-2.0
// look.h - what can be seen only from inside a namespace
#pragma once

#include "kern/namespaces/idmap.h"

enum { NAMESPACE_HOSTNAME_MAX = 65 };

struct namespace_view {
	struct id_maps maps;  // of the user namespace, as its parent counts; empty: none was given
	const char *hostname; // of the uts namespace; NULL: none was given
};

// A child enters the two namespaces (-1: not that one) and tells. Returns 0 or a negative errno
// without words.
int namespace_look(struct arena *arena, int user, int uts, struct namespace_view *ret_view);
