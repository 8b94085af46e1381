// SPDX-License-Identifier: Apache-2.0
// opt_help.c - what --help prints, from the option table
//
// Two columns: what to type on the left, what it does on the right, broken at words so that no line
// is wider than 80. A left side that is too wide for its column has a line of its own.
#include "base/opt.h"

enum {
	WIDTH = 80,
	LEFT = 30, // where the right column begins
};

static void pad(struct buf *out, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		buf_putc(out, ' ');
}

// Columns that UTF-8 text takes, as far as help uses any: one a character.
static size_t columns(struct str text)
{
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++)
		n += ((unsigned char)text.p[i] & 0xc0) != 0x80;
	return n;
}

// Adds text broken at blanks, each further line beginning in column `indent`. The cursor stands
// in column `at`.
static void wrap(struct buf *out, const char *text, size_t at, size_t indent)
{
	struct str rest = str_of(text);
	bool first = true;
	for (struct str word; (word = str_word(&rest)).p;) {
		size_t width = columns(word);
		if (!first && at + 1 + width > WIDTH) {
			buf_putc(out, '\n');
			pad(out, 0, indent);
			at = indent;
		} else if (!first) {
			buf_putc(out, ' ');
			at++;
		}
		buf_add(out, word.p, word.n);
		at += width;
		first = false;
	}
	buf_putc(out, '\n');
}

static void row(struct buf *out, const char *left, const char *right)
{
	size_t width = columns(str_of(left));
	buf_puts(out, left);
	if (width + 2 > LEFT) {
		buf_putc(out, '\n');
		width = 0;
	}
	pad(out, width, LEFT);
	wrap(out, right, LEFT, LEFT);
}

static void option(struct buf *out, const struct opt *opt)
{
	char left[80];
	char letter[5] = "    ";
	if (opt->letter)
		snprintf(letter, sizeof(letter), "-%c, ", opt->letter);
	snprintf(left, sizeof(left), "  %s--%s%s%s", letter, opt->name, opt->value ? " " : "",
		 opt->value ? opt->value : "");
	row(out, left, opt->help);
}

static void options(const struct opt_table *table, struct buf *out)
{
	bool titled = false;
	for (size_t i = 0; i < table->opts_n; i++) {
		const struct opt *opt = &table->opts[i];
		if (opt->kind == OPT_TITLE)
			buf_printf(out, "\n%s:\n", opt->help);
		else if (!titled)
			buf_puts(out, "\nOptions:\n");
		titled = true;
		if (opt_is_shown(opt))
			option(out, opt);
	}
}

static void commands(const struct opt_table *table, struct buf *out)
{
	buf_puts(out, "\nCommands:\n");
	for (size_t i = 0; table->commands[i]; i++) {
		const struct opt_table *command = table->commands[i];
		char left[32];
		int width = snprintf(left, sizeof(left), "  %-12s", command->name);
		buf_puts(out, left);
		wrap(out, command->purpose, (size_t)width, (size_t)width);
	}
}

void opt_help(const struct opt_table *table, struct buf *out)
{
	const char *command = opt_command(out->arena, table);
	for (size_t i = 0; table->synopsis[i]; i++)
		buf_printf(out, "%s%s %s\n", i ? "       " : "Usage: ", command,
			   table->synopsis[i]);
	buf_putc(out, '\n');
	wrap(out, table->purpose, 0, 0);
	if (table->commands)
		commands(table, out);
	options(table, out);
	for (size_t i = 0; table->examples && table->examples[i].command; i++) {
		buf_printf(out, "%s  %s\n", i ? "" : "\nExamples:\n", table->examples[i].command);
		pad(out, 0, 6);
		wrap(out, table->examples[i].says, 6, 6);
	}
}
