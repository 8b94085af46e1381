// SPDX-License-Identifier: Apache-2.0
// command.c - the table of commands, and what they share
#include "cmd/command.h"

#include "base/fail.h"
#include "base/msg.h"

enum { HELP_MAX = 64 * 1024 };

static const struct command commands[] = {
	{&run_table, run_main, {"run"}, {0}},
	{&ps_table, ps_main, {"ls", "list", "ps"}, {0}},
	{&rm_table, rm_main, {"rm", "remove"}, {0}},
	{&stop_table, stop_main, {"stop"}, {0}},
	{&kill_table, kill_main, {"kill"}, {0}},
	{&images_table, images_main, {0}, {"ls", "list"}},
	{&import_table, import_main, {0}, {"import"}},
	{&tag_table, tag_main, {0}, {"tag"}},
	{&rmi_table, rmi_main, {0}, {"rm", "remove"}},
	{&inspect_table, inspect_main, {"inspect"}, {"inspect"}},
	{&info_table, info_main, {0}, {0}},
	{&doctor_table, doctor_main, {0}, {0}},
	{&view_table, view_main, {0}, {0}},
	{&version_table, version_main, {0}, {0}},
	{&completion_table, completion_main, {0}, {0}},
	{&help_table, help_main, {0}, {0}},
	{&oci_table, oci_main, {0}, {0}},
	{&step_table, step_main, {0}, {0}},
};

static const struct opt_table *const tables[] = {
	&run_table,    &ps_table,     &rm_table,   &stop_table,    &kill_table,
	&images_table, &import_table, &tag_table,  &rmi_table,     &inspect_table,
	&info_table,   &doctor_table, &view_table, &version_table, &completion_table,
	&help_table,   &oci_table,    &step_table, NULL,
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

// Where a command's name may stand: at the top, or after a word for what it is about.
enum group { GROUP_NONE, GROUP_CONTAINER, GROUP_IMAGE };

static const struct {
	const char *word;
	const char *examples;
} groups[] = {
	[GROUP_NONE] = {"", ""},
	[GROUP_CONTAINER] = {"container", "run, ls, inspect or rm"},
	[GROUP_IMAGE] = {"image", "import, ls, tag, inspect or rm"},
};

// What `command` is called in the group: one name an index.
static const char *name_of(const struct command *command, enum group group, size_t index)
{
	if (group == GROUP_NONE)
		return index == 0 ? command->table->name : NULL;
	if (index >= lengthof(command->container))
		return NULL;
	return group == GROUP_IMAGE ? command->image[index] : command->container[index];
}

static const struct command *find(const char *name, enum group group)
{
	const char *known;
	for (size_t i = 0; i < lengthof(commands); i++)
		for (size_t j = 0; (known = name_of(&commands[i], group, j)); j++)
			if (str_eq(name, known))
				return &commands[i];
	return NULL;
}

static int unknown(const char *name, enum group group)
{
	const char *names[4 * lengthof(commands)] = {0}, *known;
	size_t n = 0;
	for (size_t i = 0; i < lengthof(commands); i++)
		for (size_t j = 0; (known = name_of(&commands[i], group, j)); j++)
			names[n++] = known;
	const char *word = groups[group].word, *blank = *word ? " " : "";
	const char *nearest = opt_nearest(name, names, n);
	fail(-EINVAL, "unknown command '%s%s%s'", word, blank, name);
	if (nearest)
		fail_hint("did you mean 'tare %s%s%s'?", word, blank, nearest);
	else
		fail_hint("'tare --help' lists what there is");
	return -EINVAL;
}

int command_find(int argc, char **argv, const struct command **ret_command, int *ret_words)
{
	enum group group = GROUP_NONE;
	for (size_t i = GROUP_CONTAINER; i < lengthof(groups); i++)
		if (str_eq(argv[0], groups[i].word))
			group = (enum group)i;
	bool nested = group != GROUP_NONE;
	if (nested && argc < 2) {
		fail(-EINVAL, "%s: a command is expected", argv[0]);
		fail_hint("%s", groups[group].examples);
		return -EINVAL;
	}
	const char *name = argv[nested];
	const struct command *command = find(name, group);
	if (!command)
		return unknown(name, group);
	*ret_command = command;
	*ret_words = 1 + nested;
	return 0;
}

const struct opt_table *command_table(const char *name)
{
	const struct command *command = find(name, GROUP_NONE);
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
	TRY(msg_print(&text));
	return COMMAND_DONE;
}

int command_roots(struct command_call *call, struct roots *ret_roots)
{
	return roots_find(call->arena, call->opts.root, call->opts.runroot, ret_roots);
}
