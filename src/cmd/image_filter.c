// SPDX-License-Identifier: Apache-2.0
// image_filter.c - which images tare images lists
//
//	dangling=true|false   without a name, or with one
//	reference=PATTERN     a pattern of the shell for name or name:tag, short or in full
//	label=NAME[=VALUE]    all that are given must be there
//	before=IMAGE          made before that one; since= after it
#include "cmd/image_filter.h"

#include "base/fail.h"
#include "engine/images/image_name.h"

#include <fnmatch.h>

static const char *const keys[] = {"dangling", "reference", "label", "before", "since"};

enum { KEY_SIZE = 16 };

static const char *cut(const char *filter, char key[static KEY_SIZE])
{
	struct str value = str_of(filter), name = str_cut(&value, '=');
	size_t n = min_of(name.n, (size_t)KEY_SIZE - 1);
	memcpy(key, name.p, n);
	key[n] = '\0';
	return value.p;
}

static int check(const char *filter)
{
	char key[KEY_SIZE];
	const char *value = cut(filter, key);
	bool known = false;
	for (size_t i = 0; i < lengthof(keys); i++)
		known = known || str_eq(key, keys[i]);
	if (!known || !value || !*value) {
		const char *nearest = opt_nearest(key, keys, lengthof(keys));
		fail(-EINVAL,
		     "--filter '%s': dangling=, reference=, label=, before= or since= is "
		     "expected",
		     filter);
		if (!known && nearest)
			fail_hint("did you mean %s=…?", nearest);
		return -EINVAL;
	}
	if (str_eq(key, "dangling") && !str_eq(value, "true") && !str_eq(value, "false") &&
	    !str_eq(value, "1") && !str_eq(value, "0"))
		return fail(-EINVAL, "--filter '%s': true or false is expected", filter);
	return 0;
}

int image_filter_parse(struct arena *arena, const struct opt_list *filters, const char *name,
		       struct image_filter *ret_filter)
{
	struct reference reference;
	for (size_t i = 0; i < filters->n; i++)
		TRY(check(filters->item[i]));
	if (name && !strpbrk(name, "*?["))
		TRY(reference_parse(arena, str_of(name), &reference));
	*ret_filter = (struct image_filter){.filters = *filters, .name = name};
	return 0;
}

int image_filter_places(struct arena *arena, const struct roots *roots,
			const struct image_row *images, size_t n, struct image_filter *filter)
{
	for (size_t i = 0; i < filter->filters.n; i++) {
		char key[KEY_SIZE];
		const char *value = cut(filter->filters.item[i], key);
		bool before = str_eq(key, "before");
		struct store_image image;
		if (!before && !str_eq(key, "since"))
			continue;
		TRY(image_name_find(arena, roots->root, value, &image));
		for (size_t j = 0; j < n; j++)
			if (str_eq(images[j].id, image.id))
				*(before ? &filter->before : &filter->since) = images[j].created;
	}
	return 0;
}

static bool matches_pattern(struct arena *arena, const struct image_row *image, const char *pattern)
{
	if (!image->name)
		return false;
	const char *colon = strrchr(image->name, ':');
	const char *texts[] = {
		image->repository,
		arena_printf(arena, "%s:%s", image->repository, image->tag),
		image->name,
		arena_dup_n(arena, image->name, (size_t)(colon - image->name)),
	};
	for (size_t i = 0; i < lengthof(texts); i++)
		if (fnmatch(pattern, texts[i], FNM_PATHNAME) == 0)
			return true;
	return false;
}

static bool has_label(const struct image_row *image, const char *wanted)
{
	const struct oci_pairs *labels = image->image ? &image->image->config.config.labels : NULL;
	struct str value = str_of(wanted), name = str_cut(&value, '=');
	for (size_t i = 0; labels && i < labels->n; i++)
		if (str_is(name, labels->item[i].name) &&
		    (!value.p || str_is(value, labels->item[i].value)))
			return true;
	return false;
}

// A name alone means all its tags.
static bool matches_name(struct arena *arena, const struct image_row *image, const char *name)
{
	struct reference reference;
	if (strpbrk(name, "*?["))
		return matches_pattern(arena, image, name);
	if (!image->name || reference_parse(arena, str_of(name), &reference) < 0)
		return false;
	const char *slash = strrchr(name, '/');
	bool tagged = strchr(slash ? slash : name, ':');
	const char *repository = reference_repository(arena, &reference);
	size_t n = strlen(repository);
	return tagged ? str_eq(image->name, reference_full(arena, &reference))
		      : strncmp(image->name, repository, n) == 0 && image->name[n] == ':';
}

static bool matches_key(struct arena *arena, const struct image_row *image, const char *key,
			const char *value)
{
	if (str_eq(key, "dangling"))
		return !image->name == (str_eq(value, "true") || str_eq(value, "1"));
	if (str_eq(key, "reference"))
		return matches_pattern(arena, image, value);
	return str_eq(key, "label") ? has_label(image, value) : true;
}

// Whether one of the filters of this one's key holds; of labels, this one.
static bool key_holds(struct arena *arena, const struct opt_list *filters, size_t which,
		      const struct image_row *image)
{
	char key[KEY_SIZE], other[KEY_SIZE];
	const char *value = cut(filters->item[which], key);
	if (str_eq(key, "label"))
		return has_label(image, value);
	for (size_t i = 0; i < filters->n; i++) {
		value = cut(filters->item[i], other);
		if (str_eq(key, other) && matches_key(arena, image, key, value))
			return true;
	}
	return false;
}

bool image_filter_takes(struct arena *arena, const struct image_filter *filter,
			const struct image_row *image)
{
	if (filter->name && !matches_name(arena, image, filter->name))
		return false;
	if (filter->before && image->created >= filter->before)
		return false;
	if (filter->since && image->created <= filter->since)
		return false;
	for (size_t i = 0; i < filter->filters.n; i++)
		if (!key_holds(arena, &filter->filters, i, image))
			return false;
	return true;
}
