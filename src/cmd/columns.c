// SPDX-License-Identifier: Apache-2.0
// columns.c - lists of things, printed as a table, by a template or as JSON
//
// A template is read into pieces once. A table is printed in two passes: every line is made with
// tabs between its cells, the heading by the same pieces as the rows, then the cells are widened to
// the widest of their column. Three blanks stand between columns, and none is narrower than ten, as
// in Docker.
#include "cmd/columns.h"

#include "base/fail.h"
#include "base/json_write.h"
#include "base/msg.h"
#include "base/opt.h"
#include "engine/process/labels.h"

enum {
	TEXT_MAX = 16 << 20,
	CELLS_MAX = 64, // of one line of a table
	CELL_LEAST = 10,
	CELL_GAP = 3,
};

// Reading

static int unknown_field(struct arena *arena, const struct columns *columns, struct str name)
{
	const char *word = arena_dup_n(arena, name.p, name.n);
	const char **names = arena_array(arena, const char *, columns->n);
	struct buf all = buf_new(arena, 1024);
	for (size_t i = 0; i < columns->n; i++) {
		names[i] = columns->column[i].field;
		buf_printf(&all, "%s.%s", i ? ", " : "", names[i]);
	}
	const char *nearest = opt_nearest(word, names, columns->n);
	fail(-EINVAL, "--format: unknown field '.%s'", word);
	if (nearest)
		fail_hint("did you mean .%s?", nearest);
	else
		fail_hint("there are %s", all.p);
	return -EINVAL;
}

static struct str trim(struct str text)
{
	while (text.n && text.p[0] == ' ')
		text = (struct str){text.p + 1, text.n - 1};
	while (text.n && text.p[text.n - 1] == ' ')
		text.n--;
	return text;
}

// Reads what follows ".Label": the name, between quotes.
static bool take_label(struct str text, struct str *ret_name)
{
	static const char word[] = ".Label";
	size_t n = sizeof(word) - 1;
	if (text.n < n || memcmp(text.p, word, n))
		return false;
	struct str name = trim((struct str){text.p + n, text.n - n});
	bool quoted = name.n > 2 && (name.p[0] == '"' || name.p[0] == '`') &&
		      name.p[name.n - 1] == name.p[0];
	*ret_name = quoted ? (struct str){name.p + 1, name.n - 2} : (struct str){0};
	return quoted;
}

// Reads what stands between two braces: ".Field", "json .", "json .Field", ".Label "name"".
static int parse_action(struct arena *arena, const struct columns *columns, struct str action,
			struct format_piece *ret)
{
	struct str name = trim(action), label;
	if (columns->labels && take_label(name, &label)) {
		*ret = (struct format_piece){.kind = FORMAT_LABEL, .text = label};
		return 0;
	}
	bool json = name.n > 5 && memcmp(name.p, "json ", 5) == 0;
	if (json)
		name = trim((struct str){name.p + 5, name.n - 5});
	if (!name.n || name.p[0] != '.' || (name.n == 1 && !json)) {
		fail(-EINVAL, "--format: '{{%.*s}}' is not understood", (int)min_of(action.n, 64u),
		     action.p);
		fail_hint("{{.Field}}, {{json .Field}} and {{json .}} are%s",
			  columns->labels ? ", and {{.Label \"name\"}}" : "");
		return -EINVAL;
	}
	name = (struct str){name.p + 1, name.n - 1};
	*ret = (struct format_piece){.kind = json ? FORMAT_JSON_FIELD : FORMAT_FIELD};
	if (!name.n) {
		ret->kind = FORMAT_JSON_ALL;
		return 0;
	}
	for (size_t i = 0; i < columns->n; i++) {
		if (str_is(name, columns->column[i].field)) {
			ret->field = i;
			return 0;
		}
	}
	return unknown_field(arena, columns, name);
}

// Copies the template, reading "\t" and "\n" as what they stand for.
static struct str unescape(struct arena *arena, const char *text)
{
	char *copy = arena_dup(arena, text), *to = copy;
	for (const char *from = text; *from; from++) {
		bool pair = from[0] == '\\' && (from[1] == 't' || from[1] == 'n');
		*to++ = (char)(!pair ? *from : from[1] == 't' ? '\t' : '\n');
		from += pair;
	}
	return (struct str){copy, (size_t)(to - copy)};
}

static int parse_pieces(struct arena *arena, const struct columns *columns, struct str text,
			struct format *format)
{
	format->piece = arena_array(arena, struct format_piece, text.n + 1);
	while (text.n) {
		struct format_piece *piece = &format->piece[format->n++];
		const char *open = memmem(text.p, text.n, "{{", 2);
		if (open != text.p) {
			size_t n = open ? (size_t)(open - text.p) : text.n;
			*piece = (struct format_piece){FORMAT_TEXT, {text.p, n}, 0};
			text = (struct str){text.p + n, text.n - n};
			continue;
		}
		const char *close = memmem(text.p, text.n, "}}", 2);
		if (!close)
			return fail(-EINVAL, "--format: '{{' without '}}'");
		struct str action = {text.p + 2, (size_t)(close - text.p) - 2};
		TRY(parse_action(arena, columns, action, piece));
		text = (struct str){close + 2, text.n - action.n - 4};
	}
	return 0;
}

int format_parse(struct arena *arena, const struct columns *columns, const char *text,
		 struct format *ret_format)
{
	struct format format = {0};
	if (!text || str_eq(text, "table"))
		text = columns->usual;
	if (str_eq(text, "json"))
		text = "{{json .}}";
	if (str_starts(text, "table ")) {
		format.table = true;
		text += strlen("table ");
	}
	TRY(parse_pieces(arena, columns, unescape(arena, text), &format));
	*ret_format = format;
	return 0;
}

// Printing

static void put_object(const struct columns *columns, const struct row *row,
		       struct json_writer *json)
{
	json_open_object(json);
	for (size_t i = 0; i < columns->n; i++) {
		json_key(json, columns->column[i].field);
		json_put_text(json, row->cell[i]);
	}
	json_close_object(json);
}

// As Docker heads such a column: the last part of the label's name, in words.
static void put_label_title(struct str name, struct buf *out)
{
	const char *dot = memrchr(name.p, '.', name.n);
	size_t start = dot ? (size_t)(dot + 1 - name.p) : 0;
	struct buf title = buf_new(out->arena, name.n + 1);
	for (size_t i = start; i < name.n; i++)
		buf_putc(&title, name.p[i] == '-' || name.p[i] == '_' ? ' ' : name.p[i]);
	msg_escape(out, buf_str(&title));
}

static void put_label(const struct row *row, struct str name, struct buf *out)
{
	const char *value = row->labels ? labels_find(row->labels, name) : NULL;
	msg_escape(out, str_of(value ? value : ""));
}

// `heading`: the row is the columns' titles.
static void put_line(const struct format *format, const struct columns *columns,
		     const struct row *row, bool heading, struct buf *out)
{
	struct json_writer json = json_writer_new(out, JSON_COMPACT);
	for (size_t i = 0; i < format->n; i++) {
		const struct format_piece *piece = &format->piece[i];
		switch (piece->kind) {
		case FORMAT_TEXT:
			buf_add(out, piece->text.p, piece->text.n);
			break;
		case FORMAT_FIELD:
			msg_escape(out, str_of(row->cell[piece->field]));
			break;
		case FORMAT_JSON_FIELD:
			json = json_writer_new(out, JSON_COMPACT);
			json_put_text(&json, row->cell[piece->field]);
			break;
		case FORMAT_JSON_ALL:
			json = json_writer_new(out, JSON_COMPACT);
			put_object(columns, row, &json);
			break;
		case FORMAT_LABEL:
			if (heading)
				put_label_title(piece->text, out);
			else
				put_label(row, piece->text, out);
			break;
		}
	}
	buf_putc(out, '\n');
}

static size_t columns_of(struct str text)
{
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++)
		n += ((unsigned char)text.p[i] & 0xc0) != 0x80;
	return n;
}

static void measure(struct str text, size_t width[static CELLS_MAX])
{
	for (struct str line; (line = str_line(&text)).p;)
		for (size_t i = 0; line.p && i < CELLS_MAX; i++) {
			size_t wide = columns_of(str_cut(&line, '\t'));
			width[i] = max_of(width[i], wide + (line.p ? CELL_GAP : 0));
		}
}

static void align(struct str text, struct buf *out)
{
	size_t width[CELLS_MAX];
	for (size_t i = 0; i < CELLS_MAX; i++)
		width[i] = CELL_LEAST;
	measure(text, width);
	for (struct str line; (line = str_line(&text)).p; buf_putc(out, '\n'))
		for (size_t i = 0; line.p; i++) {
			struct str cell = str_cut(&line, '\t');
			buf_add(out, cell.p, cell.n);
			for (size_t at = columns_of(cell);
			     line.p && at < width[min_of(i, CELLS_MAX - 1u)]; at++)
				buf_putc(out, ' ');
		}
}

void format_print(const struct format *format, const struct columns *columns,
		  const struct row *rows, size_t rows_n, struct buf *out)
{
	struct buf lines = buf_new(out->arena, TEXT_MAX);
	struct buf *to = format->table ? &lines : out;
	if (format->table) {
		const char **titles = arena_array(out->arena, const char *, columns->n);
		for (size_t i = 0; i < columns->n; i++)
			titles[i] = columns->column[i].title;
		put_line(format, columns, &(struct row){.cell = titles}, true, to);
	}
	for (size_t i = 0; i < rows_n; i++)
		put_line(format, columns, &rows[i], false, to);
	if (format->table)
		align(buf_str(&lines), out);
}

void format_json(const struct columns *columns, const struct row *rows, size_t rows_n,
		 struct buf *out)
{
	struct json_writer json = json_writer_new(out, JSON_INDENTED);
	json_open_list(&json);
	for (size_t i = 0; i < rows_n; i++)
		put_object(columns, &rows[i], &json);
	json_close_list(&json);
	buf_putc(out, '\n');
}
