// SPDX-License-Identifier: Apache-2.0
// opt.h - option tables: what a command takes, said once and read by five
//
// A command describes its options in one static table. The same rows are read by the parser
// (opt_parse.c), by --help (opt_help.c), by the completion of three shells (opt_complete.c), by
// the manual (opt_man.c), and by whoever proposes the nearest name for a misspelt one. An option
// that is not in the table does not exist, and one that is in it cannot be left out anywhere.
//
//	static const struct opt options[] = {
//		OPT_HEADING("Limits"),
//		{INTO(memory), 'm', "memory", "SIZE", "the most memory it may use"},
//		OPT_LATER(0, "cpuset-cpus", "taskset(1) in front of tare does it"),
//	};
//
// Values land as text in the caller's struct, there is nothing global. What a value means is not
// known here: the engine reads it and words what is wrong with it.
#pragma once

#include "base/buf.h"

// What a row of the table is. For every kind `help` is one phrase without a full stop.
enum opt_kind {
	OPT_TITLE,   // no option: the title of the rows that follow it
	OPT_BOOL,    // bool: "--rm", "--rm=false"
	OPT_TEXT,    // const char *: the last one given counts
	OPT_LIST,    // a list of text: one item for each time it was given
	OPT_NOT_YET, // refused so far: `help` says what does the job until then
	OPT_NEVER,   // refused for good: `help` is the reason, as it follows "because"
};

struct opt {
	enum opt_kind kind;
	uint32_t offset;   // of the field in the caller's struct; nothing for what is refused
	char letter;       // 'm' for "-m", 0: none
	const char *name;  // "memory" for "--memory"
	const char *value; // "SIZE", "none|host" where these are all there are; NULL: a switch
	const char *help;  // NULL: another spelling of the row above, taken but not shown
};

// The list that OPT_LIST fills. The caller's field may be a type of its own that begins with these
// two members: base knows no other list, and so reaches the field through this one.
struct opt_list {
	const char **item;
	size_t n;
} __attribute__((may_alias));

// Begins a row of the table: the field of `type` that takes the value. Its type tells the kind, any
// other than these three does not compile.
#define OPT_INTO(type, list, field)                                                                \
	_Generic(((type *)0)->field, bool                                                          \
		 : OPT_BOOL, const char *                                                          \
		 : OPT_TEXT, list                                                                  \
		 : OPT_LIST),                                                                      \
		offsetof(type, field)

// The rows that have no field.
#define OPT_HEADING(title)                                                                         \
	{                                                                                          \
		.kind = OPT_TITLE, .help = (title)                                                 \
	}
#define OPT_LATER(letter, name, until)                                                             \
	{                                                                                          \
		OPT_NOT_YET, 0, letter, name, NULL, until                                          \
	}
#define OPT_NONE(letter, name, reason)                                                             \
	{                                                                                          \
		OPT_NEVER, 0, letter, name, NULL, reason                                           \
	}

// True for a list type that OPT_LIST can fill: say so once, in a static_assert.
#define OPT_FITS(list)                                                                             \
	(offsetof(list, item) == offsetof(struct opt_list, item) &&                                \
	 offsetof(list, n) == offsetof(struct opt_list, n) &&                                      \
	 sizeof(list) == sizeof(struct opt_list))

// A use of the command that is worth showing.
struct opt_example {
	const char *command; // "tare run hello"
	const char *says;    // what happens then
};

struct opt_table {
	const char *program;         // whose command it is; NULL: "tare"
	const char *name;            // "run"; the program's own table has ""
	const char *purpose;         // one phrase: "run a program in a new container"
	const char *const *synopsis; // what follows the name, one form an item; ends in NULL
	const struct opt *opts;      // the rows, in the order they are shown
	size_t opts_n;               // how many
	bool stops;                  // the first argument ends options: a command's own follow
	const struct opt_example *examples;      // ends with a NULL command; NULL: none
	const struct opt_table *const *commands; // the commands below this one; ends in NULL
};

// Every command has "--help", and "-h" where its table gives that letter to nothing else.
enum { OPT_WANTS_HELP = 1 };

// Reads a command line as Docker's are read: "--name value", "--name=value", "-n value", "-nvalue",
// "-n=value", "-it", "--switch=false"; "--" ends the options. argv[0] is the command itself and is
// skipped. Values go to the fields of *opts, the rest to *ret_rest; both point into argv.
//
// Returns 0, OPT_WANTS_HELP, or an error of fail.h: -EINVAL, -EOPNOTSUPP for a refused option.
int opt_parse(struct arena *arena, const struct opt_table *table, int argc, char *const *argv,
	      void *opts, struct opt_list *ret_rest);

// What "--help" prints: at most 80 columns, without the options that are refused.
void opt_help(const struct opt_table *table, struct buf *out);

// The completion of a shell for the program whose table this is, as a file that the shell reads.
void opt_complete_bash(const struct opt_table *program, struct buf *out);
void opt_complete_zsh(const struct opt_table *program, struct buf *out);
void opt_complete_fish(const struct opt_table *program, struct buf *out);

// Two parts of a command's manual page, in mdoc(7).
void opt_man_synopsis(const struct opt_table *table, struct buf *out);
void opt_man_options(const struct opt_table *table, struct buf *out);

// Holds the number of the arguments that opt_parse left against what the command takes. Returns 0
// or -EINVAL, worded with the first that is too many.
int opt_count(struct arena *arena, const struct opt_table *table, const struct opt_list *rest,
	      size_t least, size_t most);

// The full name of a command: "tare run", or "tare" for the program's own table.
const char *opt_command(struct arena *arena, const struct opt_table *table);

// The one of `n` words that `word` was most likely meant to be, or NULL if it is like none of them.
// Of two that are as near the first is taken.
const char *opt_nearest(const char *word, const char *const *words, size_t n);

static inline bool opt_is_refused(const struct opt *opt)
{
	return opt->kind == OPT_NOT_YET || opt->kind == OPT_NEVER;
}

// Whether help, completion and manual show the row as something to use.
static inline bool opt_is_shown(const struct opt *opt)
{
	return opt->kind != OPT_TITLE && opt->help && !opt_is_refused(opt);
}
