// SPDX-License-Identifier: Apache-2.0
// fuzz_opt.c - command lines, read by the option tables
//
// The input is words that end in a newline. Every value and argument that comes out must be part of
// a word that went in, and whatever is wrong must have been said.
#include "base/fail.h"
#include "base/msg.h"
#include "cmd/command.h"
#include "engine/run_opts.h"

enum { WORDS_MAX = 256 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(const char *text, const char *line, size_t size)
{
	assert(!text || (text >= line && text <= line + size));
}

static void read_run(struct arena *arena, int argc, char **argv, const char *line, size_t size)
{
	struct run_opts opts = {0};
	struct opt_list rest = {0};
	int result = opt_parse(arena, &run_table, argc, argv, &opts, &rest);
	assert(result == 0 || result == OPT_WANTS_HELP || fault_last()->text[0]);
	check_inside(opts.memory, line, size);
	check_inside(opts.network, line, size);
	for (size_t i = 0; i < opts.env.n; i++)
		check_inside(opts.env.item[i], line, size);
	for (size_t i = 0; i < rest.n; i++)
		check_inside(rest.item[i], line, size);
	assert(opts.env.n + opts.volume.n + rest.n < (size_t)argc);
}

static void read_command(struct arena *arena, int argc, char **argv)
{
	struct tare_opts opts = {0};
	struct opt_list rest = {0};
	const struct command *command;
	int words;
	if (opt_parse(arena, &tare_table, argc, argv, &opts, &rest) == 0 && rest.n)
		if (command_find((int)rest.n, argv + (argc - (int)rest.n), &command, &words) == 0)
			assert(words == 1 || words == 2);
}

static void escape(struct arena *arena, struct str text)
{
	struct buf out = buf_new(arena, 1 << 20);
	msg_escape(&out, text);
	for (size_t i = 0; i < out.n; i++)
		assert((unsigned char)out.p[i] >= 0x20 && out.p[i] != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	char name[] = "run", *argv[WORDS_MAX + 1] = {name};
	char *line = arena_dup_n(&arena, (const char *)data, size);
	int argc = 1;
	for (char *at = line; at < line + size && argc < WORDS_MAX; argc++) {
		argv[argc] = at;
		at += strcspn(at, "\n");
		*at++ = '\0';
	}
	read_run(&arena, argc, argv, line, size);
	read_command(&arena, argc, argv);
	escape(&arena, (struct str){(const char *)data, min_of(size, (size_t)65536)});
	arena_free(&arena);
	return 0;
}
