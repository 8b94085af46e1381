// SPDX-License-Identifier: Apache-2.0
// image_name.c - images of the store, by what people call them
//
// A text is first read as a name and then as the beginning of an id, as Docker does: an image
// called "cafe" hides the id that begins so.
#include "engine/images/image_name.h"

#include "base/fail.h"
#include "base/buf.h"

enum {
	SHOWN_MAX = 5, // names that an error proposes
	NEAR = 2,      // edits between names that look alike
	LINE_MAX = 900,
};

bool image_is_hello(struct arena *arena, const char *text)
{
	struct reference reference;
	if (str_eq(text, "hello"))
		return true;
	if (!strstr(text, "hello"))
		return false;
	bool is = reference_parse(arena, str_of(text), &reference) == 0 && !reference.digest &&
		  str_eq(reference_full(arena, &reference), "docker.io/library/hello:latest");
	fault_clear();
	return is;
}

int image_target_parse(struct arena *arena, const char *text, struct reference *ret_reference)
{
	struct reference reference;
	TRY(reference_parse(arena, str_of(text), &reference));
	if (reference.digest)
		return fail(-EINVAL, "image name '%s': a name that is given has no digest", text);
	if (image_is_hello(arena, text)) {
		fail(-EINVAL, "image name '%s': tare carries an image of that name with it", text);
		fail_hint("choose another, or add a tag: hello:mine");
		return -EINVAL;
	}
	*ret_reference = reference;
	return 0;
}

// How near the name of an image is to the one that was asked for: 0 is another tag of the same
// repository.
static size_t distance(struct arena *arena, const struct reference *wanted, const char *name)
{
	struct reference reference;
	if (reference_parse(arena, str_of(name), &reference) < 0)
		return SIZE_MAX;
	const char *one = reference_familiar(arena, wanted);
	const char *other = reference_familiar(arena, &reference);
	const char *slash = strrchr(other, '/');
	size_t whole = str_distance(one, other);
	return slash && str_eq(slash + 1, one) ? 1 : whole;
}

static void add_near(struct arena *arena, const struct reference *wanted,
		     const struct store_images *names, size_t away, struct buf *list, size_t *shown)
{
	struct reference reference;
	for (size_t i = 0; i < names->n && *shown < SHOWN_MAX; i++) {
		if (distance(arena, wanted, names->item[i].name) != away ||
		    reference_parse(arena, str_of(names->item[i].name), &reference) < 0)
			continue;
		buf_printf(list, "%s%s", *shown ? ", " : "", reference_short(arena, &reference));
		++*shown;
	}
}

// Near names, the nearest first; NULL: there is none.
static const char *near_names(struct arena *arena, const struct store_images *names,
			      const char *text)
{
	struct reference wanted;
	struct buf list = buf_new(arena, LINE_MAX);
	size_t shown = 0;
	if (reference_parse(arena, str_of(text), &wanted) < 0)
		return NULL;
	for (size_t away = 0; away <= NEAR; away++)
		add_near(arena, &wanted, names, away, &list, &shown);
	return shown ? list.p : NULL;
}

static int not_there(struct arena *arena, const char *root, const char *text)
{
	struct store_images names = {0};
	store_names_list(arena, root, &names);
	const char *near = near_names(arena, &names, text);
	fail(-ENOENT, "image '%s': there is none of that name or id", text);
	if (near)
		fail_hint("there is: %s", near);
	else if (str_distance(text, "hello") <= NEAR)
		fail_hint("is 'hello' meant?");
	else if (names.n)
		fail_hint(
			"tare images lists those that are here; there are no registries yet: tare "
			"import FILE %s makes one, oci:DIR names one of a layout",
			text);
	else
		fail_hint("there are no images here but hello, and no registries yet: tare import "
			  "FILE %s makes one, oci:DIR names one of a layout",
			  text);
	return -ENOENT;
}

static int find_by_name(struct arena *arena, const char *root, const char *text,
			struct store_image *ret_image)
{
	struct reference reference;
	bool is_id = str_starts(text, "sha256:") || (strlen(text) == 64 && !strpbrk(text, "/:@"));
	if (is_id)
		return STORE_NONE;
	TRY(reference_parse(arena, str_of(text), &reference));
	return store_name_find(arena, root, &reference, ret_image);
}

int image_name_find(struct arena *arena, const char *root, const char *text,
		    struct store_image *ret_image)
{
	int result = find_by_name(arena, root, text, ret_image);
	if (result <= 0)
		return result;
	result = store_id_find(arena, root, text, ret_image);
	if (result == STORE_SEVERAL) {
		fail(-EEXIST, "image '%s': several ids begin so", text);
		fail_hint("tare images lists them; give more of its digits");
		return -EEXIST;
	}
	return result == STORE_NONE ? not_there(arena, root, text) : result;
}
