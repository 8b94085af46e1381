// SPDX-License-Identifier: Apache-2.0
// lists.c - lists of texts, as OCI documents have them
#include "oci/lists.h"

#include "base/str.h"

#include <stdlib.h>

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

void oci_strings_push(struct arena *arena, struct oci_strings *list, const char *text)
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

void oci_strings_push_all(struct arena *arena, struct oci_strings *list, const char *const *texts)
{
	for (size_t i = 0; texts[i]; i++)
		oci_strings_push(arena, list, texts[i]);
}

struct ranked {
	struct str key;
	size_t index;
};

static int compare(const struct str *one, const struct str *other)
{
	size_t n = min_of(one->n, other->n);
	int order = n ? memcmp(one->p, other->p, n) : 0;
	return order ? order : (one->n > other->n) - (one->n < other->n);
}

static int by_key(const void *a, const void *b)
{
	const struct ranked *one = a, *other = b;
	int order = compare(&one->key, &other->key);
	return order ? order : (one->index > other->index) - (one->index < other->index);
}

void oci_strings_last(struct arena *arena, const struct oci_strings *list, char end,
		      struct oci_strings *ret_list)
{
	struct ranked *ranked = arena_array(arena, struct ranked, list->n);
	bool *again = arena_array(arena, bool, list->n);
	struct oci_strings last = {arena_array(arena, const char *, list->n), 0};
	for (size_t i = 0; i < list->n; i++) {
		const char *text = list->item[i];
		ranked[i] = (struct ranked){{text, (size_t)(strchrnul(text, end) - text)}, i};
	}
	if (list->n)
		qsort(ranked, list->n, sizeof(*ranked), by_key);
	for (size_t i = 0; i + 1 < list->n; i++)
		again[ranked[i].index] = !compare(&ranked[i].key, &ranked[i + 1].key);
	for (size_t i = 0; i < list->n; i++)
		if (!again[i])
			last.item[last.n++] = list->item[i];
	*ret_list = last;
}
