// SPDX-License-Identifier: Apache-2.0
// columns.h - lists of things, printed as a table, by a template or as JSON
//
// What can be shown of a thing is a row of texts; a table of columns names them. --format then
// says which of them are printed and how, in the part of Go's templates that scripts use:
//
//	table {{.ID}}\t{{.Names}}    columns with a heading, "\t" between them
//	{{.ID}} {{json .Names}}      one line a thing
//	{{.Label "a.b"}}             one of its labels, where things have labels
//	json                         one JSON object a thing: {{json .}}
#pragma once

#include "base/buf.h"
#include "oci/lists.h"

struct column {
	const char *field; // "ID": what templates and JSON call it
	const char *title; // "CONTAINER ID": its heading in a table
};

struct columns {
	const struct column *column;
	size_t n;
	const char *usual; // the template that is taken without --format
	bool labels;       // the things have labels
};

// One thing.
struct row {
	const char *const *cell;        // a text for each column
	const struct oci_pairs *labels; // NULL: none
};

// What one piece of a template stands for.
enum format_piece_kind {
	FORMAT_TEXT, // itself
	FORMAT_FIELD,
	FORMAT_JSON_FIELD, // as a JSON text
	FORMAT_JSON_ALL,   // all fields as an object
	FORMAT_LABEL,      // the label that `text` names
};

struct format_piece {
	enum format_piece_kind kind;
	struct str text; // FORMAT_TEXT, FORMAT_LABEL
	size_t field;    // index into the columns
};

struct format {
	bool table; // with a heading, and columns of one width
	struct format_piece *piece;
	size_t n;
};

// Reads a value of --format; NULL is the usual one.
int format_parse(struct arena *arena, const struct columns *columns, const char *text,
		 struct format *ret_format);

// Prints the rows. Outside of JSON what can't be seen in a text is escaped.
void format_print(const struct format *format, const struct columns *columns,
		  const struct row *rows, size_t rows_n, struct buf *out);

// Prints the rows as one JSON list of objects.
void format_json(const struct columns *columns, const struct row *rows, size_t rows_n,
		 struct buf *out);
