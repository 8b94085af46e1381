// SPDX-License-Identifier: Apache-2.0
// opt_complete.c - completion files for bash, zsh and fish, from the option tables
//
// What can follow an option is told by the name of its value: FILE and DIR are looked up on disk,
// "none|host" are all the words there are. What can follow a command is told the same way by the
// last word of its synopsis: "CONTAINER…" are the names that `tare ps` lists, "IMAGE" those of
// `tare images`, "ID" the containers that the program itself lists.
#include "base/opt.h"

// "none|host" as "none host".
static const char *words_of(struct arena *arena, const char *choices)
{
	char *words = arena_dup(arena, choices);
	for (char *at = words; (at = strchr(at, '|'));)
		*at = ' ';
	return words;
}

static bool is_choice(const char *value)
{
	return strchr(value, '|') != NULL;
}

enum argument {
	ARGUMENT_FILE,      // whatever the shell does by itself
	ARGUMENT_CONTAINER, // the name of a container
	ARGUMENT_ID,        // the id of one of an OCI runtime's
	ARGUMENT_IMAGE,     // the name of an image
	ARGUMENT_EITHER,    // of one of the two
	ARGUMENT_COMMAND,   // one of tare's commands
	ARGUMENT_CHOICE,    // a word of the list that the synopsis is
};

// Prints the names of containers, and of images.
static const char container_names[] = "tare ps -a --format '{{.Names}}' 2>/dev/null";
static const char image_names[] = "tare images --format '{{.Repository}}:{{.Tag}}' 2>/dev/null";
static const char container_names_fish[] = "tare ps -a --format \"{{.Names}}\" 2>/dev/null";
static const char image_names_fish[] =
	"tare images --format \"{{.Repository}}:{{.Tag}}\" 2>/dev/null";

static enum argument argument_of(const struct opt_table *command)
{
	const char *form = command->synopsis[0];
	if (strstr(form, "CONTAINER|IMAGE"))
		return ARGUMENT_EITHER;
	if (strstr(form, "CONTAINER"))
		return ARGUMENT_CONTAINER;
	if (strstr(form, "IMAGE"))
		return ARGUMENT_IMAGE;
	if (str_eq(form, "ID") || strstr(form, "] ID") || str_starts(form, "ID "))
		return ARGUMENT_ID;
	if (is_choice(form) && !strchr(form, ' '))
		return ARGUMENT_CHOICE;
	return str_eq(form, "[COMMAND]") ? ARGUMENT_COMMAND : ARGUMENT_FILE;
}

static const char *command_names(const struct opt_table *program, struct arena *arena)
{
	struct buf names = buf_new(arena, 4096);
	for (size_t i = 0; program->commands[i]; i++)
		buf_printf(&names, "%s%s", i ? " " : "", program->commands[i]->name);
	return names.p;
}

// The words that may follow a command, for the two kinds that are known here.
static const char *argument_words(const struct opt_table *program, const struct opt_table *command,
				  struct arena *arena)
{
	if (argument_of(command) == ARGUMENT_CHOICE)
		return words_of(arena, command->synopsis[0]);
	return command_names(program, arena);
}

// The option both ways that it is typed, with `before` in front of each.
static void spellings(const struct opt *opt, const char *before, const char *between,
		      const char *after, struct buf *out)
{
	if (opt->letter)
		buf_printf(out, "%s-%c%s", before, opt->letter, between);
	buf_printf(out, "%s--%s%s", before, opt->name, after);
}

// bash: one function. A first case answers for values, a second one for options and arguments.
// Names of images have colons in them, at which bash ends words, and it puts what is proposed in
// the place of what follows the last one: so the whole word is looked up, and its beginning taken
// off again.

static void bash_values(const struct opt_table *table, struct buf *out)
{
	for (size_t i = 0; i < table->opts_n; i++) {
		const struct opt *opt = &table->opts[i];
		if (!opt_is_shown(opt) || !opt->value)
			continue;
		buf_puts(out, "\t");
		spellings(opt, arena_printf(out->arena, "%s:", table->name), " | ", ")", out);
		if (is_choice(opt->value))
			buf_printf(out, " words='%s' ;;\n", words_of(out->arena, opt->value));
		else if (str_starts(opt->value, "DIR"))
			buf_puts(out, " kind=-d ;;\n");
		else if (str_starts(opt->value, "FILE"))
			buf_puts(out, " kind=-f ;;\n");
		else
			buf_puts(out, " return ;;\n");
	}
}

static void bash_command(const struct opt_table *program, const struct opt_table *table,
			 struct buf *out)
{
	buf_printf(out, "\t%s)\n\t\toptions='", table->name[0] ? table->name : "''");
	for (size_t i = 0; i < table->opts_n; i++)
		if (opt_is_shown(&table->opts[i]))
			spellings(&table->opts[i], "", " ", " ", out);
	buf_puts(out, "--help'\n");
	switch (table->commands ? ARGUMENT_COMMAND : argument_of(table)) {
	case ARGUMENT_CONTAINER:
		buf_printf(out, "\t\twords=$(%s)\n", container_names);
		break;
	case ARGUMENT_ID:
		buf_printf(out, "\t\twords=$(%s list -q 2>/dev/null)\n", program->program);
		break;
	case ARGUMENT_IMAGE:
		buf_printf(out, "\t\twords=\"hello $(%s)\"\n", image_names);
		break;
	case ARGUMENT_EITHER:
		buf_printf(out, "\t\twords=\"hello $(%s) $(%s)\"\n", container_names, image_names);
		break;
	case ARGUMENT_COMMAND:
	case ARGUMENT_CHOICE:
		buf_printf(out, "\t\twords='%s'\n", argument_words(program, table, out->arena));
		break;
	case ARGUMENT_FILE:
		break;
	}
	buf_puts(out, "\t\t;;\n");
}

// "_tare_oci" for "tare-oci".
static const char *function_name(struct arena *arena, const char *name)
{
	char *function = arena_printf(arena, "_%s", name);
	for (char *at = function; (at = strchr(at, '-'));)
		*at = '_';
	return function;
}

void opt_complete_bash(const struct opt_table *program, struct buf *out)
{
	const char *name = program->program ? program->program : "tare";
	const char *function = function_name(out->arena, name);
	buf_printf(out, "# bash completion for %s, made of its table of options\n%s()\n{\n", name,
		   function);
	buf_puts(out, "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
		      "\tlocal command='' options='' words='' kind='' begin='' whole i\n"
		      "\tCOMPREPLY=()\n"
		      "\twhole=${COMP_LINE:0:COMP_POINT}\n"
		      "\twhole=${whole##*[[:blank:]]}\n"
		      "\tif [[ $word == = ]]; then\n\t\tword=''\n"
		      "\telif [[ $before == = ]]; then\n"
		      "\t\tbefore=${COMP_WORDS[COMP_CWORD-2]}\n\tfi\n"
		      "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
		      "\t\tcase ${COMP_WORDS[i]} in\n");
	for (size_t i = 0; i < program->opts_n; i++)
		if (opt_is_shown(&program->opts[i]) && program->opts[i].value)
			buf_printf(out, "\t\t--%s) ((i++)) ;;\n", program->opts[i].name);
	buf_puts(out, "\t\t-*) ;;\n\t\t*)\n\t\t\tcommand=${COMP_WORDS[i]}\n\t\t\tbreak\n\t\t\t;;\n"
		      "\t\tesac\n\tdone\n"
		      "\tcase $command:$before in\n");
	bash_values(program, out);
	for (size_t i = 0; program->commands[i]; i++)
		bash_values(program->commands[i], out);
	buf_puts(out,
		 "\tesac\n"
		 "\tif [[ $kind ]]; then\n"
		 "\t\tmapfile -t COMPREPLY < <(compgen \"$kind\" -- \"$word\")\n\t\treturn\n"
		 "\telif [[ $words ]]; then\n"
		 "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n\t\treturn\n"
		 "\tfi\n"
		 "\tcase $command in\n");
	bash_command(program, program, out);
	for (size_t i = 0; program->commands[i]; i++)
		bash_command(program, program->commands[i], out);
	buf_puts(out, "\tesac\n"
		      "\t[[ $word != -* ]] || words=$options\n"
		      "\tif [[ $whole == [!-]*:* && $COMP_WORDBREAKS == *:* ]]; then\n"
		      "\t\tword=$whole begin=${whole%\"${whole##*:}\"}\n\tfi\n"
		      "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
		      "\tCOMPREPLY=(\"${COMPREPLY[@]#\"$begin\"}\")\n"
		      "}\n");
	buf_printf(out, "complete -o default -F %s %s\n", function, name);
}

// zsh: a list of specifications for _arguments, a command.

// Text for between two single quotes. A quote can't be in there at all; ']' and ':' end a
// description in a specification.
static void zsh_quoted(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			buf_puts(out, "'\\''");
		else if (strchr("[]:\\", *text))
			buf_printf(out, "\\%c", *text);
		else
			buf_putc(out, *text);
	}
}

static void zsh_value(const struct opt *opt, struct buf *out)
{
	if (!opt->value)
		return;
	buf_putc(out, ':');
	zsh_quoted(out, is_choice(opt->value) ? "one of" : opt->value);
	if (is_choice(opt->value))
		buf_printf(out, ":(%s)", words_of(out->arena, opt->value));
	else if (str_starts(opt->value, "DIR"))
		buf_puts(out, ":_files -/");
	else if (str_starts(opt->value, "FILE"))
		buf_puts(out, ":_files");
	else
		buf_puts(out, ": ");
}

static void zsh_options(const struct opt_table *table, const char *indent, struct buf *out)
{
	for (size_t i = 0; i < table->opts_n; i++) {
		const struct opt *opt = &table->opts[i];
		if (!opt_is_shown(opt))
			continue;
		buf_puts(out, indent);
		if (opt->kind == OPT_LIST)
			buf_puts(out, "'*'");
		else if (opt->letter)
			buf_printf(out, "'(-%c --%s)'", opt->letter, opt->name);
		if (opt->letter)
			buf_printf(out, "{-%c%s,--%s%s}", opt->letter, opt->value ? "+" : "",
				   opt->name, opt->value ? "=" : "");
		else
			buf_printf(out, "--%s%s", opt->name, opt->value ? "=" : "");
		buf_puts(out, "'[");
		zsh_quoted(out, opt->help);
		buf_putc(out, ']');
		zsh_value(opt, out);
		buf_puts(out, "' \\\n");
	}
}

static void zsh_command(const struct opt_table *program, const struct opt_table *table,
			struct buf *out)
{
	buf_printf(out, "\t\t%s)\n\t\t\t_arguments -s -S%s \\\n", table->name,
		   table->stops ? " -A '-*'" : "");
	zsh_options(table, "\t\t\t\t", out);
	buf_puts(out, "\t\t\t\t'--help[show what there is]' \\\n");
	switch (argument_of(table)) {
	case ARGUMENT_CONTAINER:
		buf_puts(out, "\t\t\t\t'*:container:_tare_containers'\n");
		break;
	case ARGUMENT_IMAGE:
		buf_puts(out, "\t\t\t\t'*:image:_tare_images'\n");
		break;
	case ARGUMENT_EITHER:
		buf_puts(out, "\t\t\t\t'*:name:_tare_either'\n");
		break;
	case ARGUMENT_COMMAND:
	case ARGUMENT_CHOICE:
		buf_printf(out, "\t\t\t\t'1:one of:(%s)'\n",
			   argument_words(program, table, out->arena));
		break;
	case ARGUMENT_ID: // of programs that complete in bash alone
	case ARGUMENT_FILE:
		buf_puts(out, "\t\t\t\t'*:argument:_files'\n");
		break;
	}
	buf_puts(out, "\t\t\t;;\n");
}

void opt_complete_zsh(const struct opt_table *program, struct buf *out)
{
	buf_puts(out, "#compdef tare\n"
		      "# zsh completion for tare, written by `tare completion zsh`\n"
		      "_tare_containers()\n{\n\tlocal -a names\n"
		      "\tnames=(${(f)\"$(tare ps -a --format '{{.Names}}' 2>/dev/null)\"})\n"
		      "\t_describe container names\n}\n\n"
		      "_tare_images()\n{\n\tlocal -a names\n"
		      "\tnames=(hello ${(f)\"$(tare images --format "
		      "'{{.Repository}}:{{.Tag}}' 2>/dev/null)\"})\n"
		      "\tcompadd -a names\n}\n\n"
		      "_tare_either()\n{\n\t_tare_containers\n\t_tare_images\n}\n\n"
		      "_tare()\n{\n"
		      "\tlocal curcontext=$curcontext state line\n"
		      "\tlocal -a commands\n"
		      "\t_arguments -C \\\n");
	zsh_options(program, "\t\t", out);
	buf_puts(out, "\t\t'--help[show what there is]' \\\n"
		      "\t\t'1: :->command' '*:: :->argument'\n"
		      "\tcase $state in\n\tcommand)\n\t\tcommands=(\n");
	for (size_t i = 0; program->commands[i]; i++) {
		buf_printf(out, "\t\t\t'%s:", program->commands[i]->name);
		zsh_quoted(out, program->commands[i]->purpose);
		buf_puts(out, "'\n");
	}
	buf_puts(out, "\t\t)\n\t\t_describe command commands\n\t\t;;\n"
		      "\targument)\n\t\tcase $words[1] in\n");
	for (size_t i = 0; program->commands[i]; i++)
		zsh_command(program, program->commands[i], out);
	buf_puts(out, "\t\tesac\n\t\t;;\n\tesac\n}\n\n"
		      "if [[ $funcstack[1] == _tare ]]; then\n\t_tare \"$@\"\n"
		      "else\n\tcompdef _tare tare\nfi\n");
}

// fish: a line an option.

static void fish_quoted(struct buf *out, const char *text)
{
	buf_putc(out, '\'');
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			buf_putc(out, '\\');
		buf_putc(out, *text);
	}
	buf_putc(out, '\'');
}

static void fish_options(const struct opt_table *table, const char *when, struct buf *out)
{
	for (size_t i = 0; i < table->opts_n; i++) {
		const struct opt *opt = &table->opts[i];
		if (!opt_is_shown(opt))
			continue;
		buf_puts(out, when);
		if (opt->letter)
			buf_printf(out, " -s %c", opt->letter);
		buf_printf(out, " -l %s", opt->name);
		if (opt->value && is_choice(opt->value))
			buf_printf(out, " -x -a '%s'", words_of(out->arena, opt->value));
		else if (opt->value && str_starts(opt->value, "DIR"))
			buf_puts(out, " -x -a '(__fish_complete_directories)'");
		else if (opt->value)
			buf_puts(out, str_starts(opt->value, "FILE") ? " -r -F" : " -x");
		buf_puts(out, " -d ");
		fish_quoted(out, opt->help);
		buf_putc(out, '\n');
	}
}

static void fish_arguments(const struct opt_table *program, const struct opt_table *table,
			   const char *when, struct buf *out)
{
	switch (argument_of(table)) {
	case ARGUMENT_CONTAINER:
		buf_printf(out, "%s -a '(%s)'\n", when, container_names_fish);
		break;
	case ARGUMENT_IMAGE:
		buf_printf(out, "%s -a 'hello (%s)'\n", when, image_names_fish);
		break;
	case ARGUMENT_EITHER:
		buf_printf(out, "%s -a '(%s) hello (%s)'\n", when, container_names_fish,
			   image_names_fish);
		break;
	case ARGUMENT_COMMAND:
	case ARGUMENT_CHOICE:
		buf_printf(out, "%s -a '%s'\n", when, argument_words(program, table, out->arena));
		break;
	case ARGUMENT_ID:
	case ARGUMENT_FILE:
		buf_printf(out, "%s -F\n", when);
		break;
	}
}

void opt_complete_fish(const struct opt_table *program, struct buf *out)
{
	static const char top[] = "complete -c tare -n __fish_use_subcommand";
	buf_puts(out, "# fish completion for tare, written by `tare completion fish`\n"
		      "complete -c tare -f\n");
	fish_options(program, top, out);
	for (size_t i = 0; program->commands[i]; i++) {
		const struct opt_table *table = program->commands[i];
		const char *when = arena_printf(
			out->arena, "complete -c tare -n '__fish_seen_subcommand_from %s'",
			table->name);
		buf_printf(out, "%s -a %s -d ", top, table->name);
		fish_quoted(out, table->purpose);
		buf_putc(out, '\n');
		fish_options(table, when, out);
		fish_arguments(program, table, when, out);
	}
}
