// SPDX-License-Identifier: Apache-2.0
// shape.h - one table a struct, from which JSON is read and written
//
// A shape says for each key of an object which member of which struct holds it and as what. The
// same table parses, prints, and gives a struct its "not given" values, so the three cannot drift:
//
//	struct point { int64_t x, y; const char *label; };
//	static const struct shape_field fields[] = {
//		SHAPE_INT64_OF("x", struct point, x, .flags = SHAPE_REQUIRED),
//		SHAPE_INT64_OF("y", struct point, y, .absent = INT64_MIN),
//		SHAPE_TEXT_OF("label", struct point, label),
//	};
//	static const struct shape point_shape = SHAPE("point", struct point, fields);
//
// The macros check the member's type. A struct may be laid out flatter than its document: the
// shape of an inline object counts its offsets from wherever SHAPE_INLINE says, which may be the
// outer struct itself.
//
// JSON null stands for a key that isn't there (Go programs write it so), but not in a list. Text is
// copied into the arena and can't hold NUL. What equals its "not given" value is not printed, nor
// is an object in which nothing is given, unless it is required.
//
// A key that no row names is an error, or, where the outermost table has a SHAPE_UNKNOWN_KEYS row,
// reported there by its place: "linux.resources.rdma". Nothing is lost in silence.
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_write.h"

enum { SHAPE_ITEMS_MAX = 1 << 16 }; // of one list or map

enum shape_kind {       // what the member is
	SHAPE_TEXT,     // const char *; NULL: not given
	SHAPE_BOOL,     // bool
	SHAPE_INT64,    // int64_t
	SHAPE_UINT64,   // uint64_t
	SHAPE_UINT32,   // uint32_t
	SHAPE_MODE,     // uint32_t: file type and permission bits, a decimal number in JSON
	SHAPE_TEXTS,    // const char ** and size_t: a list of texts
	SHAPE_UINT32S,  // const uint32_t * and size_t: a list of numbers
	SHAPE_NAMES,    // const char ** and size_t: {"a": {}, "b": {}}, the keys of empty objects
	SHAPE_PAIRS,    // struct shape_pair * and size_t: an object of texts, in its order
	SHAPE_OBJECT,   // a struct inside this one
	SHAPE_POINTER,  // a pointer to a struct; NULL: not given
	SHAPE_OBJECTS,  // a pointer to structs and size_t: a list of objects
	SHAPE_KEYED,    // the same: {"a": {…}, "b": {…}}, each struct with its key
	SHAPE_JSON,     // const char *: an object of whatever content, as JSON; NULL: not given
	SHAPE_UNKNOWN,  // const char ** and size_t: the places of keys that no row names
	SHAPE_CONSTANT, // no member: a word or number that is always the same, and required
	SHAPE_KIND_COUNT,
};

enum shape_flags {
	SHAPE_REQUIRED = 1 << 0, // parse: an error when it isn't there; print: always
	SHAPE_PRINTED = 1 << 1,  // print: always, though parse can do without
	SHAPE_FILLED = 1 << 2,   // parse: a list must have items; goes with SHAPE_REQUIRED
};

struct shape_pair {
	const char *name;
	const char *value;
};

struct shape_word {       // one of the words that a text may be
	const char *name; // NULL: the end of the list
	uint64_t value;   // what it stands for, to whoever heeds it
};

struct shape_field {
	const char *key;           // in the document
	enum shape_kind kind;      // what the member is
	unsigned flags;            // of shape_flags
	size_t offset;             // of the member
	size_t count;              // of the size_t that counts a list
	size_t key_at;             // of the member that holds an item's key, in the item
	const struct shape *shape; // of objects
	int64_t absent;            // a number's or bool's "not given" value (-1: UINT64_MAX too)
	int64_t least;             // a number's bounds, inclusive; both 0: what the type holds
	int64_t most;
	const char *word; // of a constant that is text; one that is a number has it in absent
	const struct shape_word *words; // what a text (or each of a list) may be; NULL: anything
	// What is wrong with a text (or with each of a list, or the key of each item of a keyed
	// one), said as "wants …"; NULL: nothing.
	const char *(*check)(const char *text);
};

struct shape {
	const char *name;                 // what messages call the document
	size_t size;                      // of the struct
	const struct shape_field *fields; // its rows, in the order they are printed
	size_t fields_n;
};

#define SHAPE(title, type, table)                                                                  \
	{                                                                                          \
		title, sizeof(type), table, lengthof(table)                                        \
	}

// Offset of a member, checked at compile time to be of the type wanted.
#define SHAPE_AT(type, member, wanted)                                                             \
	(offsetof(type, member) + 0 * _Generic(((type *)NULL)->member, wanted : 1))

#define SHAPE_TEXT_OF(name, type, member, ...)                                                     \
	{                                                                                          \
		.key = name, .kind = SHAPE_TEXT, .offset = SHAPE_AT(type, member, const char *),   \
		__VA_ARGS__                                                                        \
	}
#define SHAPE_BOOL_OF(name, type, member, ...)                                                     \
	{                                                                                          \
		.key = name, .kind = SHAPE_BOOL, .offset = SHAPE_AT(type, member, bool),           \
		__VA_ARGS__                                                                        \
	}
#define SHAPE_INT64_OF(name, type, member, ...)                                                    \
	{                                                                                          \
		.key = name, .kind = SHAPE_INT64, .offset = SHAPE_AT(type, member, int64_t),       \
		__VA_ARGS__                                                                        \
	}
#define SHAPE_UINT64_OF(name, type, member, ...)                                                   \
	{                                                                                          \
		.key = name, .kind = SHAPE_UINT64, .offset = SHAPE_AT(type, member, uint64_t),     \
		__VA_ARGS__                                                                        \
	}
#define SHAPE_UINT32_OF(name, type, member, ...)                                                   \
	{                                                                                          \
		.key = name, .kind = SHAPE_UINT32, .offset = SHAPE_AT(type, member, uint32_t),     \
		__VA_ARGS__                                                                        \
	}
#define SHAPE_MODE_OF(name, type, member, ...)                                                     \
	{                                                                                          \
		.key = name, .kind = SHAPE_MODE, .offset = SHAPE_AT(type, member, uint32_t),       \
		__VA_ARGS__                                                                        \
	}

// Lists: the members that point and count.
#define SHAPE_LIST_AT(type, member, pointer, counter)                                              \
	.offset = SHAPE_AT(type, member, pointer), .count = SHAPE_AT(type, counter, size_t)
#define SHAPE_TEXTS_OF(name, type, member, counter, ...)                                           \
	{                                                                                          \
		.key = name, .kind = SHAPE_TEXTS,                                                  \
		SHAPE_LIST_AT(type, member, const char **, counter), __VA_ARGS__                   \
	}
#define SHAPE_UINT32S_OF(name, type, member, counter, ...)                                         \
	{                                                                                          \
		.key = name, .kind = SHAPE_UINT32S,                                                \
		SHAPE_LIST_AT(type, member, const uint32_t *, counter), __VA_ARGS__                \
	}
#define SHAPE_NAMES_OF(name, type, member, counter, ...)                                           \
	{                                                                                          \
		.key = name, .kind = SHAPE_NAMES,                                                  \
		SHAPE_LIST_AT(type, member, const char **, counter), __VA_ARGS__                   \
	}
#define SHAPE_PAIRS_OF(name, type, member, counter, ...)                                           \
	{                                                                                          \
		.key = name, .kind = SHAPE_PAIRS,                                                  \
		SHAPE_LIST_AT(type, member, struct shape_pair *, counter), __VA_ARGS__             \
	}
#define SHAPE_OBJECTS_OF(name, type, member, counter, item_type, item_shape, ...)                  \
	{                                                                                          \
		.key = name, .kind = SHAPE_OBJECTS, .shape = item_shape,                           \
		SHAPE_LIST_AT(type, member, item_type *, counter), __VA_ARGS__                     \
	}
#define SHAPE_KEYED_OF(name, type, member, counter, item_type, item_key, item_shape, ...)          \
	{                                                                                          \
		.key = name, .kind = SHAPE_KEYED, .shape = item_shape,                             \
		.key_at = SHAPE_AT(item_type, item_key, const char *),                             \
		SHAPE_LIST_AT(type, member, item_type *, counter), __VA_ARGS__                     \
	}
#define SHAPE_JSON_OF(name, type, member, ...)                                                     \
	{                                                                                          \
		.key = name, .kind = SHAPE_JSON, .offset = SHAPE_AT(type, member, const char *),   \
		__VA_ARGS__                                                                        \
	}
#define SHAPE_UNKNOWN_KEYS(type, member, counter)                                                  \
	{                                                                                          \
		.kind = SHAPE_UNKNOWN, SHAPE_LIST_AT(type, member, const char **, counter)         \
	}

// What every document of its kind says the same: nothing in the struct stands for it.
#define SHAPE_NUMBER_IS(name, number)                                                              \
	{                                                                                          \
		.key = name, .kind = SHAPE_CONSTANT, .flags = SHAPE_REQUIRED, .absent = number     \
	}
#define SHAPE_WORD_IS(name, text)                                                                  \
	{                                                                                          \
		.key = name, .kind = SHAPE_CONSTANT, .flags = SHAPE_REQUIRED, .word = text         \
	}

// Objects: a member, a pointer, or (SHAPE_INLINE) a part of the document only, whose shape counts
// from the outer struct.
#define SHAPE_OBJECT_OF(name, type, member, inner_type, inner_shape, ...)                          \
	{                                                                                          \
		.key = name, .kind = SHAPE_OBJECT, .shape = inner_shape,                           \
		.offset = SHAPE_AT(type, member, inner_type), __VA_ARGS__                          \
	}
#define SHAPE_POINTER_OF(name, type, member, inner_type, inner_shape, ...)                         \
	{                                                                                          \
		.key = name, .kind = SHAPE_POINTER, .shape = inner_shape,                          \
		.offset = SHAPE_AT(type, member, inner_type *), __VA_ARGS__                        \
	}
#define SHAPE_INLINE(name, inner_shape, ...)                                                       \
	{                                                                                          \
		.key = name, .kind = SHAPE_OBJECT, .shape = inner_shape, __VA_ARGS__               \
	}

// Clears the struct and gives every member its "not given" value.
void shape_init(const struct shape *shape, void *ret_struct);

// Reads the document. Returns 0 or -EINVAL, worded with where it is wrong:
// "config.json:7:16: linux.resources.memory.limit: wants a whole number, not text".
// The struct is untouched then.
int shape_parse(struct arena *arena, const struct shape *shape, struct str text, void *ret_struct);

// The same of a part of a document that stands alone; the places of unknown keys are the caller's.
int shape_parse_part(struct arena *arena, const struct shape *shape, struct str text,
		     void *ret_struct, const char ***ret_unknown, size_t *ret_unknown_n);

// The word's row in a list, or NULL.
const struct shape_word *shape_word_find(const struct shape_word *words, const char *name);

// Writes the struct as an object.
void shape_print(struct json_writer *json, const struct shape *shape, const void *from);
