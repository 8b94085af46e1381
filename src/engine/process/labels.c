// SPDX-License-Identifier: Apache-2.0
// labels.c - what people and programs write on a container: labels and annotations
//
// Both are names with values that mean nothing to tare: no label and no annotation changes what a
// container is given, whoever wrote it. Labels are asked for by `tare ps`; annotations stand in the
// OCI document.
#include "engine/process/labels.h"

#include "base/fail.h"
#include "base/str.h"
#include "base/utf8.h"
#include "engine/key_file.h"

struct pairs {
	struct oci_pairs list;
	size_t room;
	size_t bytes;
};

static void set(struct arena *arena, struct pairs *pairs, const char *name, const char *value)
{
	struct oci_pairs *list = &pairs->list;
	size_t at = 0;
	while (at < list->n && !str_eq(list->item[at].name, name))
		at++;
	if (at == pairs->room) {
		size_t room = max_of(pairs->room * 2, (size_t)16);
		struct shape_pair *item = arena_array(arena, struct shape_pair, room);
		if (list->n)
			memcpy(item, list->item, list->n * sizeof(*item));
		list->item = item;
		pairs->room = room;
	}
	list->item[at] = (struct shape_pair){name, value};
	list->n = max_of(list->n, at + 1);
	pairs->bytes += strlen(name) + strlen(value);
}

static void take(struct arena *arena, void *context, const char *line)
{
	size_t n = strcspn(line, "=");
	set(arena, context, arena_dup_n(arena, line, n), line[n] ? line + n + 1 : "");
}

static int check_size(const char *what, const struct pairs *pairs)
{
	if (pairs->bytes <= LABELS_BYTES_MAX)
		return 0;
	return fail(-E2BIG, "%s: more than %d bytes in all", what, LABELS_BYTES_MAX);
}

// What is no UTF-8 would be kept as something else, and two names as one.
static int check_name(const char *flag, const char *text)
{
	if (!utf8_is_text(str_of(text)))
		return fail(-EINVAL, "%s '%.64s': not in UTF-8", flag, text);
	size_t n = strcspn(text, "=");
	bool good = n > 0;
	for (size_t i = 0; i < n; i++)
		good = good && (unsigned char)text[i] > ' ' && text[i] != 0x7f;
	if (good)
		return 0;
	fail(-EINVAL, "%s '%.64s': no name", flag, text);
	fail_hint("it is written NAME=value, the name without blanks");
	return -EINVAL;
}

int labels_make(struct arena *arena, const struct oci_pairs *of_image,
		const struct oci_strings *files, const struct oci_strings *texts,
		struct oci_pairs *ret_labels)
{
	struct pairs pairs = {0};
	for (size_t i = 0; i < of_image->n; i++)
		set(arena, &pairs, of_image->item[i].name, of_image->item[i].value);
	TRY(check_size("labels of the image", &pairs));
	for (size_t i = 0; i < files->n; i++)
		TRY(key_file_read(arena, "label file", files->item[i], take, &pairs));
	for (size_t i = 0; i < texts->n; i++) {
		TRY(check_name("--label", texts->item[i]));
		take(arena, &pairs, texts->item[i]);
	}
	TRY(check_size("labels", &pairs));
	*ret_labels = pairs.list;
	return 0;
}

int annotations_make(struct arena *arena, const struct oci_strings *texts,
		     struct oci_pairs *ret_annotations)
{
	struct pairs pairs = {0};
	for (size_t i = 0; i < texts->n; i++) {
		TRY(check_name("--annotation", texts->item[i]));
		if (!strchr(texts->item[i], '='))
			return fail(-EINVAL, "--annotation '%.64s': NAME=value is expected",
				    texts->item[i]);
		take(arena, &pairs, texts->item[i]);
	}
	TRY(check_size("--annotation", &pairs));
	*ret_annotations = pairs.list;
	return 0;
}

const char *labels_find(const struct oci_pairs *labels, struct str name)
{
	for (size_t i = 0; i < labels->n; i++)
		if (str_is(name, labels->item[i].name))
			return labels->item[i].value;
	return NULL;
}
