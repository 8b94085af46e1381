// SPDX-License-Identifier: Apache-2.0
// json.h - JSON documents read strictly
//
// json_parse lets nothing pass but RFC 8259 in valid UTF-8, without duplicate keys, within limits
// (json_gate.c is that gate), and then has json-c build the tree. Its values are json-c's objects;
// JSON null is NULL, as a key that is not there. Most callers do not walk the tree: a table of
// shape.h turns it into a struct.
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum {
	JSON_BYTES_MAX = 4 << 20, // of a document; registries take manifests of 4 MiB at most
	JSON_DEPTH_MAX = 64,      // objects and lists inside one another
};

struct json_object; // json-c's

struct json {
	const char *name;         // what messages call the document: "config.json"
	struct str text;          // the document, which must outlive this
	struct json_object *root; // its value; json_free gives it back
};

#define _cleanup_json_ _cleanup_(json_free)

// Reads the document. Returns 0 or -EINVAL, worded as "name:line:column: reason". Columns count
// characters. `name` is kept, not copied.
int json_parse(const char *name, struct str text, struct json *ret_json);
void json_free(struct json *json);

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_LIST, JSON_OBJECT };

enum json_kind json_kind(const struct json_object *value);

// The kind as a message names it: "a list", "text".
const char *json_kind_words(enum json_kind kind);

// The member's value; NULL where it is null, missing, or `object` is no object.
struct json_object *json_member(const struct json_object *object, const char *key);

size_t json_count(const struct json_object *list); // 0 when it is no list
struct json_object *json_item(const struct json_object *list, size_t index);

// The names of an object's members, in their order; none when it is no object.
size_t json_names(struct arena *arena, const struct json_object *object, const char ***ret_names);

// The value as compact JSON text.
const char *json_text(struct arena *arena, const struct json_object *value);

// The value as what is asked for. Nothing is converted or clamped. Return 0, -EINVAL when it is of
// another kind or has a fraction or exponent, -ERANGE when the number does not fit. None words a
// fault: the caller knows the noun.
int json_to_bool(const struct json_object *value, bool *ret_value);
int json_to_int(const struct json_object *value, int64_t least, int64_t most, int64_t *ret_number);
int json_to_uint(const struct json_object *value, uint64_t most, uint64_t *ret_number);

// The text, which lives as long as the tree; it may hold NULs. p is NULL when it is no text.
struct str json_to_str(const struct json_object *value);

// Where in the document a value stands (not null: that has no identity), counted from 1.
struct json_place {
	size_t line;
	size_t column;
};
struct json_place json_locate(const struct json *json, const struct json_object *value);
