// SPDX-License-Identifier: Apache-2.0
// image_place.c - images named by where they lie
#include "engine/images/image_place.h"

#include <unistd.h>

static const char directory[] = "oci:", archive[] = "oci-archive:";

bool image_place_is(const char *text)
{
	return str_starts(text, directory) || str_starts(text, archive);
}

// Where the path ends; NULL: at the end of the text.
static const char *end_of_path(struct arena *arena, const char *rest)
{
	const char *first = strchr(rest, ':');
	if (!first || access(rest, F_OK) == 0)
		return NULL;
	for (const char *colon = first; colon; colon = strchr(colon + 1, ':'))
		if (access(arena_dup_n(arena, rest, (size_t)(colon - rest)), F_OK) == 0)
			return colon;
	return first;
}

void image_place_parse(struct arena *arena, const char *text, struct image_place *ret_place)
{
	struct image_place place = {.archive = str_starts(text, archive)};
	const char *rest = strchr(text, ':') + 1, *end = end_of_path(arena, rest);
	place.path = end ? arena_dup_n(arena, rest, (size_t)(end - rest)) : rest;
	place.tag = end && end[1] ? end + 1 : NULL;
	*ret_place = place;
}
