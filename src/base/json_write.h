// SPDX-License-Identifier: Apache-2.0
// json_write.h - JSON written straight into a buffer
//
//	struct json_writer json = json_writer_new(&buf, JSON_INDENTED);
//	json_open_object(&json);
//	json_key(&json, "pid");
//	json_put_uint(&json, 42);
//	json_close_object(&json);
//
// The writer sets commas, line breaks and escapes; that keys and values alternate and brackets
// match is the caller's part. Whether all of it fitted is told by buf->over, asked once at the end.
// It allocates nothing but the buffer's bytes, as records are written on the way to a start.
#pragma once

#include "base/buf.h"

enum json_form {
	JSON_COMPACT,  // no blanks at all
	JSON_INDENTED, // one value a line, two blanks a level, no newline at the end
};

struct json_writer {
	struct buf *buf;     // where the text goes
	enum json_form form; // how it looks
	unsigned depth;      // objects and lists that are open
	bool first;          // nothing stands in the innermost one yet
	bool after_key;      // a key was written and waits for its value
};

struct json_writer json_writer_new(struct buf *buf, enum json_form form);

void json_open_object(struct json_writer *json);
void json_close_object(struct json_writer *json);
void json_open_list(struct json_writer *json);
void json_close_list(struct json_writer *json);
void json_key(struct json_writer *json, const char *key);

void json_put_text(struct json_writer *json, const char *text); // NULL is written as null
void json_put_str(struct json_writer *json, struct str text);
void json_put_int(struct json_writer *json, int64_t number);
void json_put_uint(struct json_writer *json, uint64_t number);
void json_put_bool(struct json_writer *json, bool value);
void json_put_null(struct json_writer *json);
void json_put_json(struct json_writer *json, const char *text); // a value that is JSON already

// Adds the text as it stands between the quotes of a JSON string: control characters, quotes and
// backslashes escaped, bytes that are no UTF-8 replaced by U+FFFD each (JSON can't carry them).
void json_escape(struct buf *buf, struct str text);
