// SPDX-License-Identifier: Apache-2.0
// test_opt.c - a table of options, and its readers
#include "base/opt.h"

#include "base/fail.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

struct list {
	const char **item;
	size_t n;
};

static_assert(OPT_FITS(struct list), "the parser fills lists of this type");

struct demo_opts {
	bool interactive;
	bool tty;
	bool rm;
	const char *memory;
	const char *network;
	const char *cidfile;
	struct list env;
};

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct demo_opts, struct list, field), letter, name, value, help          \
	}

static const struct opt options[] = {
	OPT_HEADING("Life"),
	ROW(interactive, 'i', "interactive", NULL, "pass standard input on"),
	ROW(tty, 't', "tty", NULL, "give the program a terminal"),
	ROW(rm, 0, "rm", NULL,
	    "leave nothing behind when it ends, neither files nor records of it"),
	ROW(cidfile, 0, "cidfile", "FILE", "write the container's id into a file"),
	OPT_HEADING("Rest"),
	ROW(memory, 'm', "memory", "SIZE", "[most] memory: 100m"),
	ROW(env, 'e', "env", "NAME[=VALUE]", "set a variable"),
	ROW(network, 0, "network", "none|host", "which network"),
	ROW(network, 0, "net", "none|host", NULL),
	OPT_LATER('d', "detach", "use & of the shell"),
	OPT_NONE(0, "isolation", "it is for Windows"),
};

static const struct opt_table demo = {
	.name = "demo",
	.purpose = "show what a table can do",
	.synopsis = (const char *const[]){"[OPTION…] hello [COMMAND [ARG…]]", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.stops = true,
	.examples =
		(const struct opt_example[]){
			{"tare demo -it hello", "with a terminal"},
			{NULL, NULL},
		},
};

static const struct opt_table names = {
	.name = "names",
	.purpose = "take names",
	.synopsis = (const char *const[]){"[OPTION…] CONTAINER…", NULL},
	.opts = options,
	.opts_n = lengthof(options),
};

static const struct opt_table shell = {
	.name = "shell",
	.purpose = "take one of a few words",
	.synopsis = (const char *const[]){"bash|zsh", NULL},
};

static const struct opt_table program = {
	.name = "",
	.purpose = "hold commands",
	.synopsis = (const char *const[]){"[OPTION…] COMMAND", NULL},
	.opts = (const struct opt[]){{OPT_INTO(struct demo_opts, struct list, memory), 0, "root",
				      "DIR", "where"}},
	.opts_n = 1,
	.commands = (const struct opt_table *const[]){&demo, &names, &shell, NULL},
};

// What one command line was read as.
struct reading {
	struct arena arena;
	struct demo_opts opts;
	struct opt_list rest;
	int result;
};

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct reading));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	struct reading *reading = *state;
	arena_free(&reading->arena);
	free(reading);
	return 0;
}

static void read_table(struct reading *reading, const struct opt_table *table,
		       const char *const *words)
{
	int argc = 0;
	while (words[argc])
		argc++;
	reading->opts = (struct demo_opts){0};
	reading->rest = (struct opt_list){0};
	reading->result = opt_parse(&reading->arena, table, argc, (char *const *)words,
				    &reading->opts, &reading->rest);
}

#define READ(...)                                                                                  \
	read_table(reading, &demo, (const char *const[]){"demo", __VA_ARGS__ __VA_OPT__(, ) NULL})

static void takes_a_value_in_every_form(void **state)
{
	struct reading *reading = *state;
	static const char *const forms[][4] = {
		{"demo", "--memory", "1g"}, {"demo", "--memory=1g"}, {"demo", "-m", "1g"},
		{"demo", "-m1g"},           {"demo", "-m=1g"},       {"demo", "-itm", "1g"},
		{"demo", "-itm=1g"},        {"demo", "-itm1g"},
	};
	for (size_t i = 0; i < lengthof(forms); i++) {
		read_table(reading, &demo, forms[i]);
		assert_int_equal(reading->result, 0);
		assert_string_equal(reading->opts.memory, "1g");
		assert_int_equal(reading->rest.n, 0);
	}
}

static void values_may_look_like_options(void **state)
{
	struct reading *reading = *state;
	READ("--memory", "-1", "-e", "--", "--cidfile=", "--network", "a=b");
	assert_int_equal(reading->result, 0);
	assert_string_equal(reading->opts.memory, "-1");
	assert_string_equal(reading->opts.env.item[0], "--");
	assert_string_equal(reading->opts.cidfile, "");
	assert_string_equal(reading->opts.network, "a=b");
}

static void the_last_text_counts_and_a_list_keeps_all(void **state)
{
	struct reading *reading = *state;
	READ("-m1", "-m", "2", "-eA=1", "--env", "B", "--env=C=D=E", "--network=host", "--net",
	     "none");
	assert_int_equal(reading->result, 0);
	assert_string_equal(reading->opts.memory, "2");
	assert_string_equal(reading->opts.network, "none");
	assert_int_equal(reading->opts.env.n, 3);
	assert_string_equal(reading->opts.env.item[0], "A=1");
	assert_string_equal(reading->opts.env.item[1], "B");
	assert_string_equal(reading->opts.env.item[2], "C=D=E");
}

static void switches_are_on_off_or_wrong(void **state)
{
	struct reading *reading = *state;
	READ("-it", "--rm=false");
	assert_int_equal(reading->result, 0);
	assert_true(reading->opts.interactive && reading->opts.tty && !reading->opts.rm);
	READ("-i=0", "-it=F", "--rm=T");
	assert_int_equal(reading->result, 0);
	assert_true(reading->opts.interactive && !reading->opts.tty && reading->opts.rm);
	READ("--rm", "false");
	assert_true(reading->opts.rm);
	assert_string_equal(reading->rest.item[0], "false");
	READ("--rm=yes");
	assert_int_equal(reading->result, -EINVAL);
	assert_string_equal(fault_last()->text, "--rm 'yes': true or false is expected");
	READ("--rm=");
	assert_int_equal(reading->result, -EINVAL);
}

static void options_end_at_the_first_argument(void **state)
{
	struct reading *reading = *state;
	READ("-i", "hello", "-t", "--nonsense", "--");
	assert_int_equal(reading->result, 0);
	assert_false(reading->opts.tty);
	assert_int_equal(reading->rest.n, 4);
	assert_string_equal(reading->rest.item[3], "--");
	READ("-i", "--", "-t");
	assert_int_equal(reading->rest.n, 1);
	READ("-");
	assert_string_equal(reading->rest.item[0], "-");
	READ("");
	assert_string_equal(reading->rest.item[0], "");
}

static void elsewhere_options_and_arguments_mix(void **state)
{
	struct reading *reading = *state;
	read_table(reading, &names,
		   (const char *const[]){"names", "a", "-i", "b", "--", "--rm", NULL});
	assert_int_equal(reading->result, 0);
	assert_true(reading->opts.interactive && !reading->opts.rm);
	assert_int_equal(reading->rest.n, 3);
	assert_string_equal(reading->rest.item[2], "--rm");
}

static void says_what_is_missing_or_unknown(void **state)
{
	struct reading *reading = *state;
	READ("--memory");
	assert_int_equal(reading->result, -EINVAL);
	assert_string_equal(fault_last()->text, "--memory: a value is expected: SIZE");
	READ("-im");
	assert_int_equal(reading->result, -EINVAL);
	READ("--memroy=1g");
	assert_string_equal(fault_last()->text, "unknown option '--memroy'");
	assert_non_null(strstr(fault_last()->hint, "did you mean --memory?"));
	READ("-rm");
	assert_string_equal(fault_last()->text, "unknown option '-rm'");
	assert_non_null(strstr(fault_last()->hint, "did you mean --rm?"));
	READ("--quantum");
	assert_null(strstr(fault_last()->hint, "did you mean"));
	READ("--=x");
	assert_int_equal(reading->result, -EINVAL);
	READ("---");
	assert_int_equal(reading->result, -EINVAL);
	READ("-=");
	assert_int_equal(reading->result, -EINVAL);
}

static void refuses_by_name(void **state)
{
	struct reading *reading = *state;
	static const char *const forms[][3] = {
		{"demo", "-d"}, {"demo", "-id"}, {"demo", "--detach"}, {"demo", "--detach=false"}};
	for (size_t i = 0; i < lengthof(forms); i++) {
		read_table(reading, &demo, forms[i]);
		assert_int_equal(reading->result, -EOPNOTSUPP);
		assert_string_equal(fault_last()->text, "--detach: not yet");
		assert_string_equal(fault_last()->hint, "use & of the shell");
	}
	READ("--isolation", "process");
	assert_int_equal(reading->result, -EOPNOTSUPP);
	assert_string_equal(fault_last()->text, "--isolation: never, because it is for Windows");
}

static void help_is_asked_for(void **state)
{
	struct reading *reading = *state;
	READ("-i", "--help");
	assert_int_equal(reading->result, OPT_WANTS_HELP);
	READ("-ih");
	assert_int_equal(reading->result, OPT_WANTS_HELP);
	READ("hello", "--help");
	assert_int_equal(reading->result, 0);
}

static void prints(void **state, void (*write)(const struct opt_table *, struct buf *),
		   const struct opt_table *table, const char *expected)
{
	struct reading *reading = *state;
	struct buf out = buf_new(&reading->arena, 65536);
	write(table, &out);
	assert_string_equal(out.p, expected);
}

static void help_is_the_table_in_80_columns(void **state)
{
	prints(state, opt_help, &demo,
	       "Usage: tare demo [OPTION…] hello [COMMAND [ARG…]]\n"
	       "\n"
	       "show what a table can do\n"
	       "\n"
	       "Life:\n"
	       "  -i, --interactive           pass standard input on\n"
	       "  -t, --tty                   give the program a terminal\n"
	       "      --rm                    leave nothing behind when it ends, neither files\n"
	       "                              nor records of it\n"
	       "      --cidfile FILE          write the container's id into a file\n"
	       "\n"
	       "Rest:\n"
	       "  -m, --memory SIZE           [most] memory: 100m\n"
	       "  -e, --env NAME[=VALUE]      set a variable\n"
	       "      --network none|host     which network\n"
	       "\n"
	       "Examples:\n"
	       "  tare demo -it hello\n"
	       "      with a terminal\n");
}

static void a_program_helps_with_its_commands(void **state)
{
	prints(state, opt_help, &program,
	       "Usage: tare [OPTION…] COMMAND\n"
	       "\n"
	       "hold commands\n"
	       "\n"
	       "Commands:\n"
	       "  demo        show what a table can do\n"
	       "  names       take names\n"
	       "  shell       take one of a few words\n"
	       "\n"
	       "Options:\n"
	       "      --root DIR              where\n");
}

static void the_manual_is_the_table_in_mdoc(void **state)
{
	prints(state, opt_man_synopsis, &demo,
	       ".Nm tare\n"
	       ".Cm demo\n"
	       ".Op Ar OPTION…\n"
	       ".Cm hello\n"
	       ".Op Ar COMMAND Op Ar ARG…\n");
	prints(state, opt_man_options, &program,
	       ".Bl -tag -width Ds\n"
	       ".It Fl -root Ar DIR\n"
	       "Where.\n"
	       ".El\n");
}

// The parts of a completion file that depend on the tables.
static void completes(void **state, void (*write)(const struct opt_table *, struct buf *),
		      const char *const *parts)
{
	struct reading *reading = *state;
	struct buf out = buf_new(&reading->arena, 65536);
	write(&program, &out);
	const char *at = out.p;
	for (size_t i = 0; parts[i]; i++) {
		at = strstr(at, parts[i]);
		if (!at)
			fail_msg("not there, or not in this order: %s\n%s", parts[i], out.p);
	}
	assert_null(strstr(out.p, "detach"));
	assert_null(strstr(out.p, "--net "));
}

static void shells_complete_from_the_table(void **state)
{
	completes(
		state, opt_complete_bash,
		(const char *const[]){
			"\t:--root) kind=-d ;;\n",
			"\tdemo:--cidfile) kind=-f ;;\n",
			"\tdemo:-m | demo:--memory) return ;;\n",
			"\tdemo:--network) words='none host' ;;\n",
			"\t'')\n\t\toptions='--root --help'\n\t\twords='demo names shell'\n\t\t;;\n",
			"\tdemo)\n\t\toptions='-i --interactive -t --tty --rm --cidfile "
			"-m --memory -e --env --network --help'\n\t\t;;\n",
			"\tnames)\n",
			"\t\twords=$(tare ps -a --format '{{.Names}}' 2>/dev/null)\n\t\t;;\n",
			"\tshell)\n\t\toptions='--help'\n\t\twords='bash zsh'\n\t\t;;\n",
			NULL,
		});
	completes(
		state, opt_complete_zsh,
		(const char *const[]){
			"\t\t--root='[where]:DIR:_files -/' \\\n",
			"'demo:show what a table can do'\n",
			"\t\tdemo)\n\t\t\t_arguments -s -S -A '-*' \\\n",
			"\t\t\t\t'(-i --interactive)'{-i,--interactive}'[pass standard input on]' \\\n",
			"--cidfile='[write the container'\\''s id into a file]:FILE:_files' \\\n",
			"'(-m --memory)'{-m+,--memory=}'[\\[most\\] memory\\: 100m]:SIZE: ' \\\n",
			"'*'{-e+,--env=}'[set a variable]:NAME\\[=VALUE\\]: ' \\\n",
			"--network='[which network]:one of:(none host)' \\\n",
			"'*:container:_tare_containers'\n",
			"'1:one of:(bash zsh)'\n",
			NULL,
		});
	completes(
		state, opt_complete_fish,
		(const char *const[]){
			"__fish_use_subcommand -l root -x -a '(__fish_complete_directories)' -d "
			"'where'\n",
			"__fish_use_subcommand -a demo -d 'show what a table can do'\n",
			"from demo' -s i -l interactive -d 'pass standard input on'\n",
			"from demo' -l cidfile -r -F -d 'write the container\\'s id into a file'\n",
			"from demo' -s m -l memory -x -d '[most] memory: 100m'\n",
			"from demo' -l network -x -a 'none host' -d 'which network'\n",
			"from demo' -F\n",
			"from shell' -a 'bash zsh'\n",
			NULL,
		});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_a_value_in_every_form),
		cmocka_unit_test(values_may_look_like_options),
		cmocka_unit_test(the_last_text_counts_and_a_list_keeps_all),
		cmocka_unit_test(switches_are_on_off_or_wrong),
		cmocka_unit_test(options_end_at_the_first_argument),
		cmocka_unit_test(elsewhere_options_and_arguments_mix),
		cmocka_unit_test(says_what_is_missing_or_unknown),
		cmocka_unit_test(refuses_by_name),
		cmocka_unit_test(help_is_asked_for),
		cmocka_unit_test(help_is_the_table_in_80_columns),
		cmocka_unit_test(a_program_helps_with_its_commands),
		cmocka_unit_test(the_manual_is_the_table_in_mdoc),
		cmocka_unit_test(shells_complete_from_the_table),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
