// SPDX-License-Identifier: Apache-2.0
// write_page.c - put what the option tables know into a manual page
//
//	write_page tare-COMMAND <man/tare-COMMAND.1.in >tare-COMMAND.1
//	write_page bash tare-oci >tare-oci.bash
//
// A page is written by hand but for the lines that hold one of these words:
//
//	@SYNOPSIS@   how the command is called
//	@OPTIONS@    its options, and those of Docker that it refuses
//	@COMMANDS@   what commands there are
//	@DETAILS@    of each command how it is called, and its options
//
// It runs while tare is built and is not installed.
#include "base/fd.h"
#include "base/fail.h"
#include "base/msg.h"
#include "tables.h"

#include <unistd.h>

enum { PAGE_MAX = 1 << 20 };

static void commands(const struct opt_table *table, struct buf *out)
{
	buf_puts(out, ".Bl -tag -width completion\n");
	for (size_t i = 0; table->commands && table->commands[i]; i++)
		buf_printf(out, ".It Cm %s\n%s.\n", table->commands[i]->name,
			   table->commands[i]->purpose);
	buf_puts(out, ".El\n");
}

static void details(const struct opt_table *table, struct buf *out)
{
	for (size_t i = 0; table->commands && table->commands[i]; i++) {
		const struct opt_table *command = table->commands[i];
		buf_printf(out, ".Ss %s\n", command->name);
		opt_man_synopsis(command, out);
		buf_printf(out, ".Pp\nTo %s.\n", command->purpose);
		opt_man_options(command, out);
	}
}

static const struct {
	const char *word;
	void (*write)(const struct opt_table *table, struct buf *out);
} parts[] = {
	{"@SYNOPSIS@", opt_man_synopsis},
	{"@OPTIONS@", opt_man_options},
	{"@COMMANDS@", commands},
	{"@DETAILS@", details},
};

static void write_line(const struct opt_table *table, struct str line, struct buf *out)
{
	for (size_t i = 0; i < lengthof(parts); i++) {
		if (str_is(line, parts[i].word)) {
			parts[i].write(table, out);
			return;
		}
	}
	buf_add(out, line.p, line.n);
	buf_putc(out, '\n');
}

static int write_page(struct arena *arena, const struct opt_table *table)
{
	struct str page;
	int error = fd_read_all(arena, STDIN_FILENO, PAGE_MAX, &page);
	if (error)
		return fail_sys(error, "read the page");
	struct buf out = buf_new(arena, PAGE_MAX);
	for (struct str line; (line = str_line(&page)).p;)
		write_line(table, line, &out);
	return msg_print(&out);
}

static int write_completion(struct arena *arena, const struct opt_table *table)
{
	struct buf out = buf_new(arena, PAGE_MAX);
	opt_complete_bash(table, &out);
	return msg_print(&out);
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	bool bash = argc > 2 && str_eq(argv[1], "bash");
	const char *name = argv[argc - 1];
	const struct opt_table *table = tables_find(name);
	int error = !table ? fail(-ENOENT, "no page '%s'", name)
		    : bash ? write_completion(&arena, table)
			   : write_page(&arena, table);
	if (error)
		msg_fault(fault_last());
	arena_free(&arena);
	return error ? 1 : 0;
}
