// SPDX-License-Identifier: Apache-2.0
// lists.h - lists of texts, and texts by name, as OCI documents have them
#pragma once

#include "base/shape.h"

struct oci_strings {
	const char **item; // NUL-terminated each
	size_t n;
};

struct oci_pairs { // an object such as annotations or labels, in the order of its document
	struct shape_pair *item;
	size_t n;
};

bool oci_strings_has(const struct oci_strings *list, const char *text);

// Adds a text to a list that may be a document's: what others see of it stays as it is. The list is
// copied.
void oci_strings_add(struct arena *arena, struct oci_strings *list, const char *text);

// Adds it, or those of a table that ends in NULL, to a list that began empty and was filled by
// these two alone: its room is not written down, it is always the next power of two.
void oci_strings_push(struct arena *arena, struct oci_strings *list, const char *text);
void oci_strings_push_all(struct arena *arena, struct oci_strings *list, const char *const *texts);

#define OCI_STRINGS_OF(name, type, member, ...)                                                    \
	SHAPE_TEXTS_OF(name, type, member.item, member.n, __VA_ARGS__)
#define OCI_NAMES_OF(name, type, member, ...)                                                      \
	SHAPE_NAMES_OF(name, type, member.item, member.n, __VA_ARGS__)
#define OCI_PAIRS_OF(name, type, member, ...)                                                      \
	SHAPE_PAIRS_OF(name, type, member.item, member.n, __VA_ARGS__)
#define OCI_UNKNOWN_KEYS(type, member) SHAPE_UNKNOWN_KEYS(type, member.item, member.n)

// Those of a list, in its order, after which none is the same up to `end` ('=': names of variables;
// 0: the whole text).
void oci_strings_last(struct arena *arena, const struct oci_strings *list, char end,
		      struct oci_strings *ret_list);
