// SPDX-License-Identifier: Apache-2.0
// lists.c - lists of texts, as OCI documents have them
#include "oci/lists.h"

#include "base/str.h"

bool oci_strings_has(const struct oci_strings *list, const char *text)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->item[i], text))
			return true;
	return false;
}

void oci_strings_add(struct arena *arena, struct oci_strings *list, const char *text)
{
	const char **item = arena_array(arena, const char *, list->n + 1);
	if (list->n)
		memcpy(item, list->item, list->n * sizeof(*item));
	item[list->n] = text;
	*list = (struct oci_strings){item, list->n + 1};
}
