// SPDX-License-Identifier: Apache-2.0
// words.c - the words of a Dockerfile's line
//
// The rules are those of a shell, but for less:
//
//	'…'            as it is
//	"…"            \" \$ \\ are the second character, $ is a variable
//	\x             x
//	$NAME ${NAME}  the variable; nothing where it is not there
//	${NAME-word}   the word where it is not there; with ":" also where it is empty
//	${NAME+word}   the word where it is there; with ":" and not empty
//	${NAME?word}   an error where it is not there; likewise
//
// What is put in is not split again.
#include "image/words.h"

#include "base/buf.h"
#include "base/fail.h"

enum {
	WORD_MAX = 1 << 20, // bytes of what comes out
	NESTING_MAX = 16,   // ${A:-${B:-…}}
};

struct reader {
	struct arena *arena;
	const char *what;
	struct str rest;
	const struct oci_strings *env;
	unsigned nesting;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_name_char(char c, bool first)
{
	bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
	return letter || (!first && c >= '0' && c <= '9');
}

static char next(struct reader *reader)
{
	char c = reader->rest.p[0];
	reader->rest.p++;
	reader->rest.n--;
	return c;
}

static const char *value_of(const struct reader *reader, struct str name)
{
	for (size_t i = 0; reader->env && i < reader->env->n; i++) {
		const char *variable = reader->env->item[i];
		if (!strncmp(variable, name.p, name.n) && variable[name.n] == '=')
			return variable + name.n + 1;
	}
	return NULL;
}

static struct str take_name(struct reader *reader)
{
	size_t n = 0;
	while (n < reader->rest.n && is_name_char(reader->rest.p[n], n == 0))
		n++;
	struct str name = {reader->rest.p, n};
	reader->rest.p += n;
	reader->rest.n -= n;
	return name;
}

static int unclosed(const struct reader *reader, const char *thing)
{
	return fail(-EINVAL, "%s: %s is never closed", reader->what, thing);
}

// --- variables ----------------------------------------------------------------------------------

static int add_piece(struct reader *reader, struct buf *out);

// The word of ${NAME:-word}, up to its brace.
static int take_alternative(struct reader *reader, const char **ret_word)
{
	struct buf word = buf_new(reader->arena, WORD_MAX);
	if (++reader->nesting > NESTING_MAX)
		return fail(-EINVAL, "%s: variables are nested too deep", reader->what);
	while (reader->rest.n && reader->rest.p[0] != '}')
		TRY(add_piece(reader, &word));
	reader->nesting--;
	if (!reader->rest.n)
		return unclosed(reader, "'${'");
	next(reader);
	*ret_word = word.p;
	return 0;
}

static int add_choice(struct reader *reader, struct str name, struct buf *out)
{
	const char *value = value_of(reader, name), *word = NULL;
	bool colon = reader->rest.p[0] == ':';
	if (colon)
		next(reader);
	if (!reader->rest.n)
		return unclosed(reader, "'${'");
	char kind = next(reader);
	bool there = value && (!colon || *value);
	if (!strchr("-+?", kind))
		return fail(-EINVAL, "%s: '${%.*s%s%c…' is not understood", reader->what,
			    (int)name.n, name.p, colon ? ":" : "", kind);
	TRY(take_alternative(reader, &word));
	if (kind == '?' && !there)
		return fail(-EINVAL, "%s: variable '%.*s': %s", reader->what, (int)name.n, name.p,
			    *word ? word : "it is not set");
	if (kind == '+')
		buf_puts(out, there ? word : "");
	else
		buf_puts(out, there ? value : word);
	return 0;
}

// What follows a dollar sign.
static int add_variable(struct reader *reader, struct buf *out)
{
	bool brace = reader->rest.n && reader->rest.p[0] == '{';
	if (brace)
		next(reader);
	struct str name = take_name(reader);
	if (!brace && !name.n) {
		// "$1" is a parameter, of which there are none; any other "$" is itself.
		if (reader->rest.n && reader->rest.p[0] >= '0' && reader->rest.p[0] <= '9')
			next(reader);
		else
			buf_putc(out, '$');
		return 0;
	}
	if (brace && !reader->rest.n)
		return unclosed(reader, "'${'");
	if (brace && !name.n)
		return fail(-EINVAL, "%s: '${' wants the name of a variable", reader->what);
	if (brace && reader->rest.p[0] != '}')
		return add_choice(reader, name, out);
	if (brace)
		next(reader);
	const char *value = value_of(reader, name);
	buf_puts(out, value ? value : "");
	return 0;
}

// --- words --------------------------------------------------------------------------------------

static int add_single(struct reader *reader, struct buf *out)
{
	while (reader->rest.n && reader->rest.p[0] != '\'')
		buf_putc(out, next(reader));
	if (!reader->rest.n)
		return unclosed(reader, "a single quote");
	next(reader);
	return 0;
}

static int add_double(struct reader *reader, struct buf *out)
{
	while (reader->rest.n && reader->rest.p[0] != '"') {
		char c = next(reader);
		if (c == '$') {
			TRY(add_variable(reader, out));
			continue;
		}
		bool escapes = c == '\\' && reader->rest.n && strchr("\"$\\", reader->rest.p[0]);
		buf_putc(out, escapes ? next(reader) : c);
	}
	if (!reader->rest.n)
		return unclosed(reader, "a double quote");
	next(reader);
	return 0;
}

// The next character, or what stands in quotes, or a variable.
static int add_piece(struct reader *reader, struct buf *out)
{
	char c = next(reader);
	switch (c) {
	case '\'':
		return add_single(reader, out);
	case '"':
		return add_double(reader, out);
	case '$':
		return add_variable(reader, out);
	case '\\':
		buf_putc(out, reader->rest.n ? next(reader) : c);
		return 0;
	default:
		buf_putc(out, c);
		return 0;
	}
}

static void skip_blanks(struct reader *reader)
{
	while (reader->rest.n && is_blank(reader->rest.p[0]))
		next(reader);
}

// Up to a blank, or, with `until`, up to that character outside of quotes, which is passed over.
static int take_word(struct reader *reader, char until, const char **ret_word)
{
	struct buf word = buf_new(reader->arena, WORD_MAX);
	while (reader->rest.n && !is_blank(reader->rest.p[0])) {
		if (until && reader->rest.p[0] == until) {
			next(reader);
			break;
		}
		TRY(add_piece(reader, &word));
	}
	if (word.over)
		return fail(-E2BIG, "%s: a word of more than %d bytes", reader->what, WORD_MAX);
	*ret_word = word.p;
	return 0;
}

static int add_word(struct reader *reader, struct oci_strings *words, const char *word)
{
	if (!words->item)
		words->item = arena_array(reader->arena, const char *, WORDS_MAX);
	if (words->n == WORDS_MAX)
		return fail(-E2BIG, "%s: more than %d words", reader->what, WORDS_MAX);
	words->item[words->n++] = word;
	return 0;
}

static struct str without_blanks(struct str text)
{
	while (text.n && is_blank(text.p[0])) {
		text.p++;
		text.n--;
	}
	while (text.n && is_blank(text.p[text.n - 1]))
		text.n--;
	return text;
}

int words_split(struct arena *arena, const char *what, struct str text,
		const struct oci_strings *env, struct oci_strings *ret_words)
{
	struct reader reader = {arena, what, text, env, 0};
	struct oci_strings words = {0};
	for (skip_blanks(&reader); reader.rest.n; skip_blanks(&reader)) {
		const char *word = NULL;
		TRY(take_word(&reader, '\0', &word));
		TRY(add_word(&reader, &words, word));
	}
	*ret_words = words;
	return 0;
}

int words_whole(struct arena *arena, const char *what, struct str text,
		const struct oci_strings *env, const char **ret_word)
{
	struct reader reader = {arena, what, without_blanks(text), env, 0};
	struct buf word = buf_new(arena, WORD_MAX);
	while (reader.rest.n)
		TRY(add_piece(&reader, &word));
	if (word.over)
		return fail(-E2BIG, "%s: more than %d bytes", what, WORD_MAX);
	*ret_word = word.p;
	return 0;
}

// "NAME the rest": quotes go, blanks inside stay.
static int old_form(struct reader *reader, struct oci_strings *ret_words)
{
	const char *name = NULL, *value;
	struct oci_strings words = {0};
	TRY(take_word(reader, '\0', &name));
	if (!*name)
		return fail(-EINVAL, "%s: the name is empty", reader->what);
	if (!without_blanks(reader->rest).n)
		return fail(-EINVAL, "%s: '%s' wants a value: NAME=VALUE", reader->what, name);
	TRY(words_whole(reader->arena, reader->what, reader->rest, reader->env, &value));
	TRY(add_word(reader, &words, name));
	TRY(add_word(reader, &words, value));
	*ret_words = words;
	return 0;
}

// Whether the first word, quotes and all, has an "=" in it.
static int first_word_has_equals(struct reader reader, bool *ret_has)
{
	const char *begin = reader.rest.p, *word;
	TRY(take_word(&reader, '\0', &word));
	*ret_has = memchr(begin, '=', (size_t)(reader.rest.p - begin));
	return 0;
}

int words_pairs(struct arena *arena, const char *what, struct str text,
		const struct oci_strings *env, struct oci_strings *ret_words)
{
	struct reader reader = {arena, what, without_blanks(text), env, 0};
	struct oci_strings words = {0};
	if (!reader.rest.n)
		return fail(-EINVAL, "%s: wants NAME=VALUE", what);
	bool pairs;
	TRY(first_word_has_equals(reader, &pairs));
	if (!pairs)
		return old_form(&reader, ret_words);
	for (; reader.rest.n; skip_blanks(&reader)) {
		const char *name = NULL, *value = NULL;
		TRY(take_word(&reader, '=', &name));
		if (!*name || reader.rest.p[-1] != '=')
			return fail(-EINVAL, "%s: '%s' is no NAME=VALUE", what, name);
		TRY(take_word(&reader, '\0', &value));
		TRY(add_word(&reader, &words, name));
		TRY(add_word(&reader, &words, value));
	}
	*ret_words = words;
	return 0;
}
