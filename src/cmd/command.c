// SPDX-License-Identifier: Apache-2.0
// command.c - the table of commands, and what they share
#include "cmd/command.h"

#include "base/fail.h"
#include "base/fd.h"

#include <unistd.h>

enum { HELP_MAX = 64 * 1024 };

static const struct command commands[] = {
	{&run_table, run_main, {"run"}},        {&ps_table, ps_main, {"ls", "list", "ps"}},
	{&rm_table, rm_main, {"rm", "remove"}}, {&stop_table, stop_main, {"stop"}},
	{&kill_table, kill_main, {"kill"}},     {&info_table, info_main, {0}},
	{&doctor_table, doctor_main, {0}},      {&view_table, view_main, {0}},
	{&version_table, version_main, {0}},    {&completion_table, completion_main, {0}},
	{&help_table, help_main, {0}},          {&step_table, step_main, {0}},
};

static const struct opt_table *const tables[] = {
	&run_table,  &ps_table,     &rm_table,   &stop_table,    &kill_table,
	&info_table, &doctor_table, &view_table, &version_table, &completion_table,
	&help_table, &step_table,   NULL,
};

static_assert(lengthof(tables) == lengthof(commands) + 1, "every command has a table");

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct tare_opts, struct opt_list, field), letter, name, value, help      \
	}

static const struct opt options[] = {
	ROW(root, 0, "root", "DIR", "keep containers in DIR, not in $TARE_ROOT or the usual place"),
	ROW(runroot, 0, "runroot", "DIR", "the same for what does not outlive a boot"),
	ROW(version, 'v', "version", NULL, "print the version"),
};

static const struct opt_example examples[] = {
	{"tare run hello", "start the container that tells what it can see"},
	{"tare run --explain hello", "read how it would be started, step by step"},
	{"tare help run", "all about one command"},
	{NULL, NULL},
};

const struct opt_table tare_table = {
	.name = "",
	.purpose = "run containers, and see through them: no daemon, one program",
	.synopsis = (const char *const[]){"[OPTION…] COMMAND [ARG…]", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.stops = true,
	.examples = examples,
	.commands = tables,
};

// What `command` is called at the top or, if `nested`, after "tare container": one name an index.
static const char *name_of(const struct command *command, bool nested, size_t index)
{
	if (nested)
		return index < lengthof(command->container) ? command->container[index] : NULL;
	return index == 0 ? command->table->name : NULL;
}

static const struct command *find(const char *name, bool nested)
{
	const char *known;
	for (size_t i = 0; i < lengthof(commands); i++)
		for (size_t j = 0; (known = name_of(&commands[i], nested, j)); j++)
			if (str_eq(name, known))
				return &commands[i];
	return NULL;
}

static int unknown(const char *name, bool nested)
{
	const char *names[2 * lengthof(commands)] = {0}, *known;
	size_t n = 0;
	for (size_t i = 0; i < lengthof(commands); i++)
		for (size_t j = 0; (known = name_of(&commands[i], nested, j)); j++)
			names[n++] = known;
	const char *group = nested ? "container " : "";
	const char *nearest = opt_nearest(name, names, n);
	fail(-EINVAL, "unknown command '%s%s'", group, name);
	if (nearest)
		fail_hint("did you mean 'tare %s%s'?", group, nearest);
	else
		fail_hint("'tare --help' lists what there is");
	return -EINVAL;
}

int command_find(int argc, char **argv, const struct command **ret_command, int *ret_words)
{
	bool nested = str_eq(argv[0], "container");
	if (nested && argc < 2) {
		fail(-EINVAL, "container: a command is expected");
		fail_hint("run, ls or rm");
		return -EINVAL;
	}
	const char *name = argv[nested];
	const struct command *command = find(name, nested);
	if (!command)
		return unknown(name, nested);
	*ret_command = command;
	*ret_words = 1 + nested;
	return 0;
}

const struct opt_table *command_table(const char *name)
{
	const struct command *command = find(name, false);
	return command ? command->table : NULL;
}

int command_opts(struct command_call *call, const struct opt_table *table, int argc, char **argv,
		 void *opts, struct opt_list *ret_rest)
{
	int result = opt_parse(call->arena, table, argc, argv, opts, ret_rest);
	if (result != OPT_WANTS_HELP)
		return result;
	struct buf text = buf_new(call->arena, HELP_MAX);
	opt_help(table, &text);
	TRY(command_print(&text));
	return COMMAND_DONE;
}

int command_roots(struct command_call *call, struct roots *ret_roots)
{
	return roots_find(call->arena, call->opts.root, call->opts.runroot, ret_roots);
}

int command_arguments(struct command_call *call, const struct opt_table *table,
		      const struct opt_list *rest, size_t least, size_t most)
{
	if (rest->n >= least && rest->n <= most)
		return 0;
	const char *command = opt_command(call->arena, table);
	if (rest->n > most)
		fail(-EINVAL, "%s: one argument too many: '%s'", table->name, rest->item[most]);
	else
		fail(-EINVAL, "%s: an argument is missing", table->name);
	fail_hint("it is written: %s %s", command, table->synopsis[0]);
	return -EINVAL;
}

int command_print(const struct buf *text)
{
	int error = text->over ? -EFBIG : fd_write_all(STDOUT_FILENO, text->p, text->n);
	return error ? fail_sys(error, "write to standard output") : 0;
}
