// SPDX-License-Identifier: Apache-2.0
// list.c - lists of text that grow
#include "engine/list.h"

void list_add(struct arena *arena, struct oci_strings *list, const char *text)
{
	bool full = (list->n & (list->n - 1)) == 0; // 0, 1, 2, 4, 8, …
	if (full) {
		const char **item =
			arena_array(arena, const char *, max_of(list->n * 2, (size_t)1));
		if (list->n)
			memcpy(item, list->item, list->n * sizeof(*item));
		list->item = item;
	}
	list->item[list->n++] = text;
}

void list_add_all(struct arena *arena, struct oci_strings *list, const char *const *texts)
{
	for (size_t i = 0; texts[i]; i++)
		list_add(arena, list, texts[i]);
}

bool list_has(const struct oci_strings *list, const char *text)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->item[i], text))
			return true;
	return false;
}
