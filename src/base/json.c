// SPDX-License-Identifier: Apache-2.0
// json.c - JSON documents read strictly: the gate, then json-c
//
// json-c is here for what it keeps: whole numbers up to 64 bits without rounding, others as they
// were written. What it would let pass or change (docs/adr/0003-json.md) the gate has refused.
#include "base/json.h"

#include "base/fail.h"
#include "base/json_gate.h"

#include <json-c/json.h>

static int parse(const char *name, struct str text, struct json_object **ret_root)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH_MAX + 1);
	if (!tokener)
		return fail(-ENOMEM, "%s: out of memory", name);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	struct json_object *root = json_tokener_parse_ex(tokener, text.p, (int)text.n);
	enum json_tokener_error error = json_tokener_get_error(tokener);
	if (error == json_tokener_continue) { // a number has no end of its own
		root = json_tokener_parse_ex(tokener, "", 1);
		error = json_tokener_get_error(tokener);
	}
	json_tokener_free(tokener);
	if (error != json_tokener_success)
		return fail(-EINVAL, "%s: %s", name, json_tokener_error_desc(error));
	*ret_root = root;
	return 0;
}

int json_parse(const char *name, struct str text, struct json *ret_json)
{
	struct json_object *root = NULL;
	TRY(json_gate(name, text));
	TRY(parse(name, text, &root));
	*ret_json = (struct json){name, text, root};
	return 0;
}

void json_free(struct json *json)
{
	json_object_put(json->root);
	json->root = NULL;
}

enum json_kind json_kind(const struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_null:
		return JSON_NULL;
	case json_type_boolean:
		return JSON_BOOL;
	case json_type_double:
	case json_type_int:
		return JSON_NUMBER;
	case json_type_object:
		return JSON_OBJECT;
	case json_type_array:
		return JSON_LIST;
	case json_type_string:
		return JSON_TEXT;
	}
	return JSON_NULL;
}

const char *json_kind_words(enum json_kind kind)
{
	static const char *const words[] = {"null", "true or false", "a number",
					    "text", "a list",        "an object"};
	static_assert(lengthof(words) == JSON_OBJECT + 1, "a kind without a word");
	return words[kind];
}

struct json_object *json_member(const struct json_object *object, const char *key)
{
	struct json_object *value = NULL;
	if (json_object_is_type(object, json_type_object))
		json_object_object_get_ex(object, key, &value);
	return value;
}

size_t json_count(const struct json_object *list)
{
	return json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
}

struct json_object *json_item(const struct json_object *list, size_t index)
{
	return index < json_count(list) ? json_object_array_get_idx(list, index) : NULL;
}

size_t json_names(struct arena *arena, const struct json_object *object, const char ***ret_names)
{
	size_t n = 0;
	if (json_kind(object) != JSON_OBJECT)
		return 0;
	*ret_names = arena_array(arena, const char *, (size_t)json_object_object_length(object));
	json_object_object_foreach((struct json_object *)object, name, value)
	{
		(void)value;
		(*ret_names)[n++] = arena_dup(arena, name);
	}
	return n;
}

const char *json_text(struct arena *arena, const struct json_object *value)
{
	int form = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE;
	return arena_dup(arena, json_object_to_json_string_ext((struct json_object *)value, form));
}

int json_to_bool(const struct json_object *value, bool *ret_value)
{
	if (!json_object_is_type(value, json_type_boolean))
		return -EINVAL;
	*ret_value = json_object_get_boolean(value);
	return 0;
}

// json-c clamps silently, but not twice in the same way: a number above INT64_MAX reads as that
// from one side and as itself from the other.
static bool is_negative(const struct json_object *value)
{
	return json_object_get_int64(value) < 0;
}

int json_to_int(const struct json_object *value, int64_t least, int64_t most, int64_t *ret_number)
{
	if (!json_object_is_type(value, json_type_int))
		return -EINVAL;
	int64_t number = json_object_get_int64(value);
	if (!is_negative(value) && json_object_get_uint64(value) > (uint64_t)INT64_MAX)
		return -ERANGE;
	if (number < least || number > most)
		return -ERANGE;
	*ret_number = number;
	return 0;
}

int json_to_uint(const struct json_object *value, uint64_t most, uint64_t *ret_number)
{
	if (!json_object_is_type(value, json_type_int))
		return -EINVAL;
	uint64_t number = json_object_get_uint64(value);
	if (is_negative(value) || number > most)
		return -ERANGE;
	*ret_number = number;
	return 0;
}

struct str json_to_str(const struct json_object *value)
{
	if (!json_object_is_type(value, json_type_string))
		return (struct str){0};
	// json-c's getter takes no const pointer, as for other types it prints into the object.
	struct json_object *text = (struct json_object *)(uintptr_t)value;
	return (struct str){json_object_get_string(text), (size_t)json_object_get_string_len(text)};
}

// Counts the values before `wanted` in the order of the text; true when it was found.
static bool count_to(struct json_object *value, const struct json_object *wanted, size_t *number)
{
	if (value && value == wanted)
		return true;
	++*number;
	for (size_t i = 0; i < json_count(value); i++) {
		if (count_to(json_item(value, i), wanted, number))
			return true;
	}
	if (json_kind(value) != JSON_OBJECT)
		return false;
	json_object_object_foreach(value, key, member)
	{
		(void)key;
		if (count_to(member, wanted, number))
			return true;
	}
	return false;
}

struct json_place json_locate(const struct json *json, const struct json_object *value)
{
	size_t number = 0;
	return json_gate_locate(json->text, count_to(json->root, value, &number) ? number : 0);
}
