// SPDX-License-Identifier: Apache-2.0
// remove_mapped.h - removing what the users of a container left
#pragma once

#include "kern/facts.h"

// Removes the directory and all below it. What belongs to one of the caller's subordinate ids he
// can't remove himself; that is done by a child that is root of a user namespace in which all of
// them are mapped. Returns 0 or a negative errno without words.
int remove_mapped(struct arena *arena, const struct facts *facts, const char *path);
