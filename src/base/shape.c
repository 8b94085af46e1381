// SPDX-License-Identifier: Apache-2.0
// shape.c - the kinds of members: how one gets its "not given" value and how it is printed
//
// Reading is in shape_parse.c; what a kind means is said once in shape.h.
#include "base/shape.h"

static const void *member(const void *from, size_t offset)
{
	return (const char *)from + offset;
}

static size_t count_of(const struct shape_field *field, const void *from)
{
	return *(const size_t *)member(from, field->count);
}

// Members of inline objects come one by one: the memory they lie in is already cleared.
static void set_absent(const struct shape *shape, char *to)
{
	for (size_t i = 0; i < shape->fields_n; i++) {
		const struct shape_field *field = &shape->fields[i];
		void *at = to + field->offset;
		switch (field->kind) {
		case SHAPE_BOOL:
			*(bool *)at = field->absent;
			break;
		case SHAPE_INT64:
			*(int64_t *)at = field->absent;
			break;
		case SHAPE_UINT64:
			*(uint64_t *)at = (uint64_t)field->absent;
			break;
		case SHAPE_UINT32:
		case SHAPE_MODE:
			*(uint32_t *)at = (uint32_t)field->absent;
			break;
		case SHAPE_OBJECT:
			set_absent(field->shape, at);
			break;
		case SHAPE_TEXT:
		case SHAPE_TEXTS:
		case SHAPE_UINT32S:
		case SHAPE_NAMES:
		case SHAPE_PAIRS:
		case SHAPE_POINTER:
		case SHAPE_OBJECTS:
		case SHAPE_KEYED:
		case SHAPE_JSON:
		case SHAPE_UNKNOWN:
		case SHAPE_CONSTANT:
		case SHAPE_KIND_COUNT:
			break;
		}
	}
}

void shape_init(const struct shape *shape, void *ret_struct)
{
	memset(ret_struct, 0, shape->size);
	set_absent(shape, ret_struct);
}

static bool has_any(const struct shape *shape, const void *from);

static bool is_given(const struct shape_field *field, const void *from)
{
	const void *at = member(from, field->offset);
	switch (field->kind) {
	case SHAPE_TEXT:
	case SHAPE_JSON:
	case SHAPE_POINTER:
		return *(const void *const *)at != NULL;
	case SHAPE_BOOL:
		return *(const bool *)at != (bool)field->absent;
	case SHAPE_INT64:
		return *(const int64_t *)at != field->absent;
	case SHAPE_UINT64:
		return *(const uint64_t *)at != (uint64_t)field->absent;
	case SHAPE_UINT32:
	case SHAPE_MODE:
		return *(const uint32_t *)at != (uint32_t)field->absent;
	case SHAPE_TEXTS:
	case SHAPE_UINT32S:
	case SHAPE_NAMES:
	case SHAPE_PAIRS:
	case SHAPE_OBJECTS:
	case SHAPE_KEYED:
		return count_of(field, from) > 0;
	case SHAPE_OBJECT:
		return has_any(field->shape, at);
	case SHAPE_UNKNOWN:
	case SHAPE_CONSTANT:
	case SHAPE_KIND_COUNT:
		break;
	}
	return false;
}

static bool has_any(const struct shape *shape, const void *from)
{
	for (size_t i = 0; i < shape->fields_n; i++) {
		if (is_given(&shape->fields[i], from))
			return true;
	}
	return false;
}

static bool is_printed(const struct shape_field *field, const void *from)
{
	return (field->flags & (SHAPE_REQUIRED | SHAPE_PRINTED)) || is_given(field, from);
}

static void print_list(struct json_writer *json, const struct shape_field *field, const void *from)
{
	const char *items = *(const char *const *)member(from, field->offset);
	size_t n = count_of(field, from);
	json_open_list(json);
	for (size_t i = 0; i < n; i++) {
		if (field->kind == SHAPE_TEXTS)
			json_put_text(json, ((const char *const *)items)[i]);
		else if (field->kind == SHAPE_UINT32S)
			json_put_uint(json, ((const uint32_t *)items)[i]);
		else
			shape_print(json, field->shape, items + i * field->shape->size);
	}
	json_close_list(json);
}

static void print_map(struct json_writer *json, const struct shape_field *field, const void *from)
{
	const void *items = *(const void *const *)member(from, field->offset);
	size_t n = count_of(field, from);
	json_open_object(json);
	for (size_t i = 0; i < n; i++) {
		if (field->kind == SHAPE_PAIRS) {
			const struct shape_pair *pair = (const struct shape_pair *)items + i;
			json_key(json, pair->name);
			json_put_text(json, pair->value);
		} else if (field->kind == SHAPE_KEYED) {
			const void *item = member(items, i * field->shape->size);
			json_key(json, *(const char *const *)member(item, field->key_at));
			shape_print(json, field->shape, item);
		} else {
			json_key(json, ((const char *const *)items)[i]);
			json_open_object(json);
			json_close_object(json);
		}
	}
	json_close_object(json);
}

static void print_member(struct json_writer *json, const struct shape_field *field,
			 const void *from)
{
	const void *at = member(from, field->offset);
	switch (field->kind) {
	case SHAPE_TEXT:
		json_put_text(json, *(const char *const *)at ? *(const char *const *)at : "");
		break;
	case SHAPE_BOOL:
		json_put_bool(json, *(const bool *)at);
		break;
	case SHAPE_INT64:
		json_put_int(json, *(const int64_t *)at);
		break;
	case SHAPE_UINT64:
		json_put_uint(json, *(const uint64_t *)at);
		break;
	case SHAPE_UINT32:
	case SHAPE_MODE:
		json_put_uint(json, *(const uint32_t *)at);
		break;
	case SHAPE_TEXTS:
	case SHAPE_UINT32S:
	case SHAPE_OBJECTS:
		print_list(json, field, from);
		break;
	case SHAPE_NAMES:
	case SHAPE_PAIRS:
	case SHAPE_KEYED:
		print_map(json, field, from);
		break;
	case SHAPE_JSON:
		json_put_json(json, *(const char *const *)at);
		break;
	case SHAPE_OBJECT:
		shape_print(json, field->shape, at);
		break;
	case SHAPE_POINTER:
		shape_print(json, field->shape, *(const void *const *)at);
		break;
	case SHAPE_CONSTANT:
		if (field->word)
			json_put_text(json, field->word);
		else
			json_put_int(json, field->absent);
		break;
	case SHAPE_UNKNOWN:
	case SHAPE_KIND_COUNT:
		break;
	}
}

void shape_print(struct json_writer *json, const struct shape *shape, const void *from)
{
	json_open_object(json);
	for (size_t i = 0; i < shape->fields_n; i++) {
		const struct shape_field *field = &shape->fields[i];
		if (field->kind == SHAPE_UNKNOWN || !is_printed(field, from))
			continue;
		json_key(json, field->key);
		print_member(json, field, from);
	}
	json_close_object(json);
}

const struct shape_word *shape_word_find(const struct shape_word *words, const char *name)
{
	while (words->name && !str_eq(words->name, name))
		words++;
	return words->name ? words : NULL;
}
