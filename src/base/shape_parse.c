// SPDX-License-Identifier: Apache-2.0
// shape_parse.c - a JSON document into a struct, by its shape
//
// The way from the document's root to the value in hand is a chain of places on the stack; it costs
// nothing until a message has to name one. json-c's tree knows no positions: the line and column
// are found by reading the text once more, again only for a message.
#include "base/shape.h"

#include "base/fail.h"
#include "base/json.h"

#include <inttypes.h>
#include <json-c/json.h>

struct place {
	const struct place *up; // what it lies in; NULL: the document
	const char *key;        // its key in an object; NULL: an item of a list
	size_t index;           // its index in the list
	const struct json_object *value;
};

struct parse {
	struct arena *arena;
	const struct json *json;
	bool reports;         // unknown keys are collected, not refused
	const char **unknown; // their places
	size_t unknown_n;     // how many
	size_t unknown_room;  // how many fit
};

static void add_place(struct buf *buf, const struct place *place)
{
	if (!place->up)
		return;
	add_place(buf, place->up);
	if (!place->key) {
		buf_printf(buf, "[%zu]", place->index);
		return;
	}
	if (buf->n)
		buf_putc(buf, '.');
	json_escape(buf, str_of(place->key)); // no control character reaches a terminal
}

static const char *place_words(struct parse *parse, const struct place *place)
{
	struct buf buf = buf_new(parse->arena, 4096);
	add_place(&buf, place);
	return buf.n ? buf.p : "the document";
}

static int wrong(struct parse *parse, const struct place *place, const char *reason)
{
	const struct place *with_value = place; // null has no position: name what it lies in
	while (with_value->up && !with_value->value)
		with_value = with_value->up;
	struct json_place at = json_locate(parse->json, with_value->value);
	return fail(-EINVAL, "%s:%zu:%zu: %s: %s", parse->json->name, at.line, at.column,
		    place_words(parse, place), reason);
}

static int wrong_kind(struct parse *parse, const struct place *place, const char *wanted)
{
	return wrong(parse, place,
		     arena_printf(parse->arena, "wants %s, not %s", wanted,
				  json_kind_words(json_kind(place->value))));
}

static int expect(struct parse *parse, const struct place *place, enum json_kind kind)
{
	if (json_kind(place->value) == kind)
		return 0;
	return wrong_kind(parse, place, json_kind_words(kind));
}

// A list's or map's size, checked.
static int check_count(struct parse *parse, const struct place *place,
		       const struct shape_field *field, size_t n)
{
	if (n > SHAPE_ITEMS_MAX)
		return wrong(parse, place, "has too many items");
	if (!n && (field->flags & SHAPE_FILLED))
		return wrong(parse, place, "is empty");
	return 0;
}

// "wants one of a, b, c".
static int wrong_word(struct parse *parse, const struct place *place,
		      const struct shape_word *words)
{
	struct buf reason = buf_new(parse->arena, 4096);
	buf_puts(&reason, "wants one of");
	for (const struct shape_word *word = words; word->name; word++)
		buf_printf(&reason, "%s %s", word == words ? "" : ",", word->name);
	return wrong(parse, place, reason.p);
}

static int text(struct parse *parse, const struct place *place, const struct shape_field *field,
		const char **ret_text)
{
	TRY(expect(parse, place, JSON_TEXT));
	struct str raw = json_to_str(place->value);
	if (memchr(raw.p, '\0', raw.n))
		return wrong(parse, place, "holds NUL");
	const char *copy = arena_dup_n(parse->arena, raw.p, raw.n);
	const char *wanted = field->check ? field->check(copy) : NULL;
	if (wanted)
		return wrong(parse, place, arena_printf(parse->arena, "wants %s", wanted));
	if (field->words && !shape_word_find(field->words, copy))
		return wrong_word(parse, place, field->words);
	*ret_text = copy;
	return 0;
}

static int wrong_number(struct parse *parse, const struct place *place, int error, int64_t least,
			uint64_t most)
{
	if (error == -ERANGE)
		return wrong(parse, place,
			     arena_printf(parse->arena,
					  "wants a number from %" PRId64 " to %" PRIu64, least,
					  most));
	if (json_kind(place->value) == JSON_NUMBER)
		return wrong(parse, place, "wants a whole number");
	return wrong_kind(parse, place, "a whole number");
}

static int unsigned_number(struct parse *parse, const struct place *place,
			   const struct shape_field *field, uint64_t most, uint64_t *ret_number)
{
	uint64_t number = 0;
	if (field->most)
		most = (uint64_t)field->most;
	int error = json_to_uint(place->value, most, &number);
	if (!error && number < (uint64_t)field->least)
		error = -ERANGE;
	if (error)
		return wrong_number(parse, place, error, field->least, most);
	*ret_number = number;
	return 0;
}

static int uint32(struct parse *parse, const struct place *place, const struct shape_field *field,
		  uint32_t most, uint32_t *ret_number)
{
	uint64_t number = 0;
	TRY(unsigned_number(parse, place, field, most, &number));
	*ret_number = (uint32_t)number;
	return 0;
}

static int signed_number(struct parse *parse, const struct place *place,
			 const struct shape_field *field, int64_t *ret_number)
{
	bool bounded = field->least || field->most;
	int64_t least = bounded ? field->least : INT64_MIN;
	int64_t most = bounded ? field->most : INT64_MAX;
	int error = json_to_int(place->value, least, most, ret_number);
	return error ? wrong_number(parse, place, error, least, (uint64_t)most) : 0;
}

static int boolean(struct parse *parse, const struct place *place, bool *ret_value)
{
	TRY(expect(parse, place, JSON_BOOL));
	return json_to_bool(place->value, ret_value);
}

static int constant(struct parse *parse, const struct place *place, const struct shape_field *field)
{
	int64_t number;
	if (!field->word && !json_to_int(place->value, field->absent, field->absent, &number))
		return 0;
	if (!field->word)
		return wrong(parse, place,
			     arena_printf(parse->arena, "wants %" PRId64, field->absent));
	if (str_is(json_to_str(place->value), field->word))
		return 0;
	return wrong(parse, place, arena_printf(parse->arena, "wants '%s'", field->word));
}

static int object(struct parse *parse, const struct place *place, const struct shape *shape,
		  char *to);

static int item(struct parse *parse, const struct place *place, const struct shape_field *field,
		char *items)
{
	size_t i = place->index;
	if (field->kind == SHAPE_TEXTS)
		return text(parse, place, field, &((const char **)items)[i]);
	if (field->kind == SHAPE_UINT32S)
		return uint32(parse, place, field, UINT32_MAX, &((uint32_t *)items)[i]);
	shape_init(field->shape, items + i * field->shape->size);
	return object(parse, place, field->shape, items + i * field->shape->size);
}

static void *new_items(struct arena *arena, const struct shape_field *field, size_t n)
{
	if (field->kind == SHAPE_UINT32S)
		return arena_array(arena, uint32_t, n);
	if (field->kind == SHAPE_PAIRS)
		return arena_array(arena, struct shape_pair, n);
	if (field->kind == SHAPE_OBJECTS || field->kind == SHAPE_KEYED)
		return arena_alloc_array(arena, n, field->shape->size, _Alignof(max_align_t));
	return arena_array(arena, const char *, n);
}

static int list(struct parse *parse, const struct place *place, const struct shape_field *field,
		char *to)
{
	TRY(expect(parse, place, JSON_LIST));
	size_t n = json_count(place->value);
	TRY(check_count(parse, place, field, n));
	char *items = new_items(parse->arena, field, n);
	for (size_t i = 0; i < n; i++) {
		struct place here = {place, NULL, i, json_item(place->value, i)};
		TRY(item(parse, &here, field, items));
	}
	*(void **)(to + field->offset) = items;
	*(size_t *)(to + field->count) = n;
	return 0;
}

// One {"key": …} of a map: `place` names it.
static int entry(struct parse *parse, const struct place *place, const struct shape_field *field,
		 char *items)
{
	const char *key = arena_dup(parse->arena, place->key);
	const char *wanted = field->kind == SHAPE_KEYED && field->check ? field->check(key) : NULL;
	if (wanted)
		return wrong(parse, place,
			     arena_printf(parse->arena, "its key must be %s", wanted));
	if (field->kind == SHAPE_PAIRS) {
		struct shape_pair *pair = (struct shape_pair *)(void *)items + place->index;
		pair->name = key;
		return text(parse, place, field, &pair->value);
	}
	if (field->kind == SHAPE_KEYED) {
		char *to = items + place->index * field->shape->size;
		shape_init(field->shape, to);
		*(const char **)(void *)(to + field->key_at) = key;
		return object(parse, place, field->shape, to);
	}
	if (json_kind(place->value) != JSON_OBJECT || json_object_object_length(place->value))
		return wrong(parse, place, "wants an empty object");
	((const char **)(void *)items)[place->index] = key;
	return 0;
}

static int map(struct parse *parse, const struct place *place, const struct shape_field *field,
	       char *to)
{
	TRY(expect(parse, place, JSON_OBJECT));
	size_t n = (size_t)json_object_object_length(place->value), i = 0;
	TRY(check_count(parse, place, field, n));
	void *items = new_items(parse->arena, field, n);
	json_object_object_foreach((struct json_object *)(uintptr_t)place->value, key, value)
	{
		struct place here = {place, key, i++, value};
		TRY(entry(parse, &here, field, items));
	}
	*(void **)(to + field->offset) = items;
	*(size_t *)(to + field->count) = n;
	return 0;
}

static int pointer(struct parse *parse, const struct place *place, const struct shape_field *field,
		   void **ret_pointer)
{
	char *inner = arena_alloc(parse->arena, field->shape->size, _Alignof(max_align_t));
	shape_init(field->shape, inner);
	TRY(object(parse, place, field->shape, inner));
	*ret_pointer = inner;
	return 0;
}

static int member(struct parse *parse, const struct place *place, const struct shape_field *field,
		  char *to)
{
	void *at = to + field->offset;
	switch (field->kind) {
	case SHAPE_TEXT:
		return text(parse, place, field, at);
	case SHAPE_BOOL:
		return boolean(parse, place, at);
	case SHAPE_INT64:
		return signed_number(parse, place, field, at);
	case SHAPE_UINT64:
		return unsigned_number(parse, place, field, UINT64_MAX, at);
	case SHAPE_UINT32:
		return uint32(parse, place, field, UINT32_MAX, at);
	case SHAPE_MODE:
		return uint32(parse, place, field, 0177777, at);
	case SHAPE_TEXTS:
	case SHAPE_UINT32S:
	case SHAPE_OBJECTS:
		return list(parse, place, field, to);
	case SHAPE_JSON:
		TRY(expect(parse, place, JSON_OBJECT));
		*(const char **)at = json_text(parse->arena, place->value);
		return 0;
	case SHAPE_NAMES:
	case SHAPE_PAIRS:
	case SHAPE_KEYED:
		return map(parse, place, field, to);
	case SHAPE_OBJECT:
		return object(parse, place, field->shape, at);
	case SHAPE_POINTER:
		return pointer(parse, place, field, at);
	case SHAPE_CONSTANT:
		return constant(parse, place, field);
	case SHAPE_UNKNOWN:
	case SHAPE_KIND_COUNT:
		break;
	}
	return 0;
}

static int unknown(struct parse *parse, const struct place *place)
{
	if (!parse->reports)
		return wrong(parse, place, "is not a key of this document");
	if (parse->unknown_n == parse->unknown_room) {
		size_t room = max_of(parse->unknown_room * 2, (size_t)8);
		const char **places = arena_array(parse->arena, const char *, room);
		if (parse->unknown_n)
			memcpy(places, parse->unknown, parse->unknown_n * sizeof(*places));
		parse->unknown = places;
		parse->unknown_room = room;
	}
	parse->unknown[parse->unknown_n++] = place_words(parse, place);
	return 0;
}

static const struct shape_field *field_of(const struct shape *shape, const char *key)
{
	for (size_t i = 0; i < shape->fields_n; i++) {
		const struct shape_field *field = &shape->fields[i];
		if (field->key && str_eq(field->key, key))
			return field;
	}
	return NULL;
}

static int object(struct parse *parse, const struct place *place, const struct shape *shape,
		  char *to)
{
	TRY(expect(parse, place, JSON_OBJECT));
	for (size_t i = 0; i < shape->fields_n; i++) {
		const struct shape_field *field = &shape->fields[i];
		if (!(field->flags & SHAPE_REQUIRED) || json_member(place->value, field->key))
			continue;
		return wrong(parse, place, arena_printf(parse->arena, "lacks '%s'", field->key));
	}
	json_object_object_foreach((struct json_object *)(uintptr_t)place->value, key, value)
	{
		const struct shape_field *field = field_of(shape, key);
		struct place here = {place, key, 0, value};
		if (!field)
			TRY(unknown(parse, &here));
		else if (value)
			TRY(member(parse, &here, field, to));
	}
	return 0;
}

static int document(struct parse *parse, const struct shape *shape, void *ret_struct)
{
	const struct shape_field *report = NULL;
	for (size_t i = 0; i < shape->fields_n; i++) {
		if (shape->fields[i].kind == SHAPE_UNKNOWN)
			report = &shape->fields[i];
	}
	parse->reports = parse->reports || report;
	char *to = arena_alloc(parse->arena, shape->size, _Alignof(max_align_t));
	shape_init(shape, to);
	struct place root = {.value = parse->json->root};
	TRY(object(parse, &root, shape, to));
	if (report) {
		*(const char ***)(void *)(to + report->offset) = parse->unknown;
		*(size_t *)(void *)(to + report->count) = parse->unknown_n;
	}
	memcpy(ret_struct, to, shape->size);
	return 0;
}

int shape_parse(struct arena *arena, const struct shape *shape, struct str source, void *ret_struct)
{
	_cleanup_json_ struct json json = {0};
	TRY(json_parse(shape->name, source, &json));
	struct parse parse = {.arena = arena, .json = &json};
	return document(&parse, shape, ret_struct);
}

int shape_parse_part(struct arena *arena, const struct shape *shape, struct str source,
		     void *ret_struct, const char ***ret_unknown, size_t *ret_unknown_n)
{
	_cleanup_json_ struct json json = {0};
	TRY(json_parse(shape->name, source, &json));
	struct parse parse = {.arena = arena, .json = &json, .reports = true};
	TRY(document(&parse, shape, ret_struct));
	*ret_unknown = parse.unknown;
	*ret_unknown_n = parse.unknown_n;
	return 0;
}
