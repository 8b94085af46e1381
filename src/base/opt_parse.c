// SPDX-License-Identifier: Apache-2.0
// opt_parse.c - a command line, read by its option table
//
// The rules are those of Docker's command line, which scripts rely on in every detail:
//
//   --name value  --name=value     a value may begin with '-', and may be empty after '='
//   -n value  -nvalue  -n=value    the same for letters
//   -it                            letters of switches may stand together, the last one may be
//                                  of an option with a value: -itm 64m
//   --rm  --rm=false               a switch takes its value only after '='
//   --                             what follows is no option
//   -                              is an argument
//
// Where a table says `stops`, the first argument ends the options as well: what follows it belongs
// to the program in the container.
#include "base/opt.h"

#include "base/fail.h"

struct reader {
	struct arena *arena;
	const struct opt_table *table;
	char *const *argv;
	int argc;
	int at;     // the next word
	char *opts; // the caller's struct
};

const char *opt_command(struct arena *arena, const struct opt_table *table)
{
	const char *program = table->program ? table->program : "tare";
	return table->name[0] ? arena_printf(arena, "%s %s", program, table->name) : program;
}

static const struct opt *find_letter(const struct opt_table *table, char letter)
{
	for (size_t i = 0; i < table->opts_n; i++)
		if (letter && table->opts[i].letter == letter)
			return &table->opts[i];
	return NULL;
}

static const struct opt *find_name(const struct opt_table *table, struct str name)
{
	for (size_t i = 0; i < table->opts_n; i++)
		if (table->opts[i].name && str_is(name, table->opts[i].name))
			return &table->opts[i];
	return NULL;
}

const char *opt_nearest(const char *word, const char *const *words, size_t n)
{
	const char *nearest = NULL;
	// A third of the letters may be wrong; of a word of two or three, one.
	size_t best = max_of(strlen(word) / 3, (size_t)1) + 1;
	for (size_t i = 0; i < n; i++) {
		size_t distance = str_distance(word, words[i]);
		if (distance < best && distance < strlen(words[i])) {
			best = distance;
			nearest = words[i];
		}
	}
	return nearest;
}

static int unknown(struct reader *reader, const char *shown, const char *name)
{
	const struct opt_table *table = reader->table;
	const char **names = arena_array(reader->arena, const char *, table->opts_n + 1);
	size_t n = 0;
	for (size_t i = 0; i < table->opts_n; i++)
		if (table->opts[i].name)
			names[n++] = table->opts[i].name;
	names[n++] = "help";
	const char *nearest = opt_nearest(name, names, n);

	const char *command = opt_command(reader->arena, table);
	fail(-EINVAL, "unknown option '%s'", shown);
	if (nearest)
		fail_hint("did you mean --%s? '%s --help' lists what there is", nearest, command);
	else
		fail_hint("'%s --help' lists what there is", command);
	return -EINVAL;
}

static int refuse(const struct opt *opt)
{
	if (opt->kind == OPT_NEVER)
		return fail(-EOPNOTSUPP, "--%s: never, because %s", opt->name, opt->help);
	fail(-EOPNOTSUPP, "--%s: not yet", opt->name);
	fail_hint("%s", opt->help);
	return -EOPNOTSUPP;
}

// The spellings of Go's strconv.ParseBool, which Docker uses.
static int read_bool(const struct opt *opt, const char *text, bool *ret)
{
	static const char *const yes[] = {"1", "t", "T", "true", "TRUE", "True"};
	static const char *const no[] = {"0", "f", "F", "false", "FALSE", "False"};
	static_assert(lengthof(yes) == lengthof(no), "both are read in one loop");
	for (size_t i = 0; i < lengthof(yes); i++) {
		if (str_eq(text, yes[i]) || str_eq(text, no[i])) {
			*ret = str_eq(text, yes[i]);
			return 0;
		}
	}
	return fail(-EINVAL, "--%s '%s': true or false is expected", opt->name, text);
}

static void append(struct reader *reader, struct opt_list *list, const char *text)
{
	if (!list->item) // the command line can't hold more items than it has words
		list->item = arena_array(reader->arena, const char *, (size_t)reader->argc);
	list->item[list->n++] = text;
}

// Puts a value into its field; `text` is NULL for a switch that stands alone.
static int store(struct reader *reader, const struct opt *opt, const char *text)
{
	void *field = reader->opts + opt->offset;
	switch (opt->kind) {
	case OPT_BOOL:
		return read_bool(opt, text ? text : "true", field);
	case OPT_TEXT:
		*(const char **)field = text;
		return 0;
	case OPT_LIST:
		append(reader, field, text);
		return 0;
	case OPT_NOT_YET:
	case OPT_NEVER:
		return refuse(opt);
	case OPT_TITLE:
		break;
	}
	return 0;
}

// Stores an option whose value is `attached`, or if that is NULL, the next word where it needs one.
static int take(struct reader *reader, const struct opt *opt, const char *attached)
{
	if (attached || opt->kind == OPT_BOOL || opt_is_refused(opt))
		return store(reader, opt, attached);
	if (reader->at == reader->argc) {
		fail(-EINVAL, "--%s: a value is expected: %s", opt->name, opt->value);
		return -EINVAL;
	}
	return store(reader, opt, reader->argv[reader->at++]);
}

static int take_long(struct reader *reader, const char *word)
{
	struct str rest = str_of(word + 2);
	struct str name = str_cut(&rest, '=');
	const char *value = rest.p;
	const struct opt *opt = find_name(reader->table, name);
	if (opt)
		return take(reader, opt, value);
	if (str_is(name, "help"))
		return OPT_WANTS_HELP;
	const char *text = arena_dup_n(reader->arena, name.p, name.n);
	return unknown(reader, arena_printf(reader->arena, "--%s", text), text);
}

// A word such as "-i", "-it", "-m64m", "-m=64m".
static int take_letters(struct reader *reader, const char *word)
{
	for (const char *letter = word + 1; *letter;) {
		const struct opt *opt = find_letter(reader->table, *letter);
		if (!opt && *letter == 'h')
			return OPT_WANTS_HELP;
		if (!opt)
			return unknown(reader, word, word + 1);
		const char *after = letter + 1;
		if (*after == '=')
			return take(reader, opt, after + 1);
		if (opt->kind != OPT_BOOL)
			return take(reader, opt, *after ? after : NULL);
		TRY(store(reader, opt, NULL));
		letter = after;
	}
	return 0;
}

int opt_parse(struct arena *arena, const struct opt_table *table, int argc, char *const *argv,
	      void *opts, struct opt_list *ret_rest)
{
	struct reader reader = {arena, table, argv, argc, 1, opts};
	struct opt_list rest = {0};
	bool ended = false;
	while (reader.at < argc) {
		const char *word = argv[reader.at++];
		if (ended || word[0] != '-' || !word[1]) {
			append(&reader, &rest, word);
			ended |= table->stops;
		} else if (str_eq(word, "--")) {
			ended = true;
		} else {
			int result = word[1] == '-' ? take_long(&reader, word)
						    : take_letters(&reader, word);
			if (result)
				return result;
		}
	}
	*ret_rest = rest;
	return 0;
}

int opt_count(struct arena *arena, const struct opt_table *table, const struct opt_list *rest,
	      size_t least, size_t most)
{
	if (rest->n >= least && rest->n <= most)
		return 0;
	const char *command = opt_command(arena, table);
	if (rest->n > most)
		fail(-EINVAL, "%s: one argument too many: '%s'", table->name, rest->item[most]);
	else
		fail(-EINVAL, "%s: an argument is missing", table->name);
	fail_hint("it is written: %s %s", command, table->synopsis[0]);
	return -EINVAL;
}
