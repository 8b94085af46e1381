// SPDX-License-Identifier: Apache-2.0
// opt_man.c - the synopsis and the options of a manual page, from the option table
//
// The rest of a page is written by hand in man/; these two parts are put in when tare is built. The
// language is mdoc(7), which names what things are (Fl: a flag, Ar: an argument, Cm: a fixed word).
#include "base/opt.h"

enum { LINE = 70 }; // where lines of text are broken; mandoc wants at most 80 bytes

// Whether the word is one of the language, which takes a capital at the start of a sentence; names
// of programs and options stay as they are.
static bool is_plain(struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] < 'a' || word.p[i] > 'z')
			return word.p[i] == ',' && i && i + 1 == word.n;
	return true;
}

// Adds a phrase as a sentence, broken into lines. Words that roff would take for a request when a
// line begins with them are kept from that.
static void sentence(struct buf *out, const char *text)
{
	struct str rest = str_of(text);
	size_t at = 0;
	bool first = true;
	for (struct str word; (word = str_word(&rest)).p; first = false) {
		bool breaks = !first && at + 1 + word.n > LINE;
		if (!first)
			buf_putc(out, breaks ? '\n' : ' ');
		at = breaks ? 0 : at + !first;
		if (at == 0 && (word.p[0] == '.' || word.p[0] == '\''))
			buf_puts(out, "\\&");
		for (size_t i = 0; i < word.n; i++) {
			char c = word.p[i];
			if (first && i == 0 && is_plain(word))
				c = (char)(c - 'a' + 'A');
			if (c == '\\')
				buf_puts(out, "\\e");
			else
				buf_putc(out, c);
		}
		at += word.n;
	}
	buf_puts(out, ".\n");
}

static void choices(struct buf *out, const char *words)
{
	for (; *words; words++)
		if (*words == '|')
			buf_puts(out, " | ");
		else
			buf_putc(out, *words);
}

static bool is_placeholder(struct str word)
{
	return word.p[0] >= 'A' && word.p[0] <= 'Z';
}

// One form of the synopsis: "[OPTION…] --rootfs DIR COMMAND [ARG…]". A bracket that opens begins an
// Op, which reaches to the end of its line: so each outermost one has a line of its own.
static void form(struct buf *out, const char *text)
{
	struct str rest = str_of(text);
	int depth = 0;
	bool fresh = true; // at the start of a line
	for (struct str word; (word = str_word(&rest)).p;) {
		if (word.p[0] == '[' && depth == 0 && !fresh) {
			buf_putc(out, '\n');
			fresh = true;
		}
		buf_putc(out, fresh ? '.' : ' ');
		fresh = false;
		for (; word.n && word.p[0] == '[';
		     word = (struct str){word.p + 1, word.n - 1}, depth++)
			buf_puts(out, "Op ");
		bool closes = false;
		for (; depth && word.p[word.n - 1] == ']'; word.n--, depth--)
			closes = true;
		const char *inner = arena_dup_n(out->arena, word.p, word.n);
		if (inner[0] == '-') {
			buf_printf(out, "Fl %s", inner + 1);
		} else {
			buf_puts(out, is_placeholder(word) ? "Ar " : "Cm ");
			choices(out, inner);
		}
		if (closes && depth == 0 && rest.n) {
			buf_putc(out, '\n');
			fresh = true;
		}
	}
	if (!fresh)
		buf_putc(out, '\n');
}

void opt_man_synopsis(const struct opt_table *table, struct buf *out)
{
	for (size_t i = 0; table->synopsis[i]; i++) {
		buf_printf(out, ".Nm %s\n", table->program ? table->program : "tare");
		if (table->name[0])
			buf_printf(out, ".Cm %s\n", table->name);
		form(out, table->synopsis[i]);
	}
}

static void item(const struct opt *opt, struct buf *out)
{
	buf_puts(out, ".It ");
	if (opt->letter)
		buf_printf(out, "Fl %c , ", opt->letter);
	buf_printf(out, "Fl -%s", opt->name);
	if (opt->value && strchr(opt->value, '|')) {
		buf_puts(out, " Cm ");
		choices(out, opt->value);
	} else if (opt->value) {
		buf_printf(out, " Ar %s", opt->value);
	}
	buf_putc(out, '\n');
	sentence(out, opt->help);
}

static void refused(const struct opt_table *table, enum opt_kind kind, const char *title,
		    const char *says, struct buf *out)
{
	const char *whose = table->program ? "runc and crun" : "Docker";
	bool open = false;
	for (size_t i = 0; i < table->opts_n; i++) {
		if (table->opts[i].kind != kind)
			continue;
		if (!open)
			buf_printf(out, ".Ss %s\nThese options of %s %s:\n.Bl -tag -width Ds\n",
				   title, whose, says);
		open = true;
		item(&table->opts[i], out);
	}
	if (open)
		buf_puts(out, ".El\n");
}

void opt_man_options(const struct opt_table *table, struct buf *out)
{
	bool open = false;
	for (size_t i = 0; i < table->opts_n; i++) {
		const struct opt *opt = &table->opts[i];
		if (opt->kind == OPT_TITLE) {
			buf_printf(out, "%s.Ss %s\n", open ? ".El\n" : "", opt->help);
			open = false;
		}
		if (!opt_is_shown(opt))
			continue;
		if (!open)
			buf_puts(out, ".Bl -tag -width Ds\n");
		open = true;
		item(opt, out);
	}
	if (open)
		buf_puts(out, ".El\n");
	refused(table, OPT_NOT_YET, "Not yet", "are refused so far; what does their job until then",
		out);
	refused(table, OPT_NEVER, "Never", "will not come, because", out);
}
