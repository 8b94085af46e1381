// SPDX-License-Identifier: Apache-2.0
// list.h - lists of text that grow
//
// Only for a list that began empty and was filled by these functions alone: its room is not
// written down, it is always the next power of two.
#pragma once

#include "oci/spec.h"

// Adds the text itself, which must live as long as the list.
void list_add(struct arena *arena, struct oci_strings *list, const char *text);

// Adds those of a table that ends in NULL.
void list_add_all(struct arena *arena, struct oci_strings *list, const char *const *texts);

bool list_has(const struct oci_strings *list, const char *text);
