// SPDX-License-Identifier: Apache-2.0
// ps.c - tare-oci ps
//
// Which processes a container has its cgroup says. A table is ps(1)'s own, of all processes of the
// host with whatever options the caller likes, and of its lines those whose number is among them.
#include "runtime/members.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/json_write.h"
#include "base/msg.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TABLE_MAX = 16 << 20 }; // bytes of what ps shows

struct ps_opts {
	const char *format; // -f
};

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct ps_opts, struct oci_strings, field), letter, name, value, help     \
	}

static const struct opt options[] = {
	ROW(format, 'f', "format", "table|json", "what ps(1) shows, or a list of numbers"),
};

static const struct opt_example examples[] = {
	{"tare-oci ps web", "show its processes as ps -ef would"},
	{"tare-oci ps web -o pid,rss,args", "show other columns"},
	{NULL, NULL},
};

const struct opt_table runtime_ps_table = {
	.program = "tare-oci",
	.name = "ps",
	.purpose = "show the processes of a container",
	.synopsis = (const char *const[]){"[OPTION…] ID [PS-OPTION…]", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.stops = true,
	.examples = examples,
};

static void print_json(struct buf *out, const struct members *members)
{
	struct json_writer json = json_writer_new(out, JSON_COMPACT);
	json_open_list(&json);
	for (size_t i = 0; i < members->n; i++)
		json_put_int(&json, members->pid[i]);
	json_close_list(&json);
	buf_putc(out, '\n');
}

// --- ps(1) --------------------------------------------------------------------------------------

static void become_ps(int out, const struct opt_list *words, struct arena *arena)
{
	const char **argv = arena_array(arena, const char *, words->n + 3);
	size_t n = 0;
	argv[n++] = "ps";
	if (!words->n)
		argv[n++] = "-ef";
	for (size_t i = 0; i < words->n; i++)
		argv[n++] = words->item[i];
	argv[n] = NULL;
	if (dup2(out, STDOUT_FILENO) >= 0)
		execvp("ps", (char *const *)argv);
	_exit(127);
}

static int run_ps(struct arena *arena, const struct opt_list *words, struct str *ret_text)
{
	int ends[2], status = 0;
	if (pipe2(ends, O_CLOEXEC))
		return fail_sys(-errno, "make a pipe");
	_cleanup_fd_ int from = ends[0], to = ends[1];
	pid_t child = fork();
	if (child < 0)
		return fail_sys(-errno, "start ps");
	if (child == 0)
		become_ps(to, words, arena);
	fd_close(&to);
	int result = fd_read_all(arena, from, TABLE_MAX, ret_text);
	fd_close(&from);
	waitpid(child, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
		fail(-ENOENT, "ps: there is no such program");
		fail_hint("--format json does without it");
		return -ENOENT;
	}
	if (result < 0)
		return fail_sys(result, "read what ps shows");
	return status ? fail(-EINVAL, "ps: it failed, for the reason above") : 0;
}

static struct str word_at(struct str line, size_t column)
{
	struct str word = str_word(&line);
	while (column-- && word.p)
		word = str_word(&line);
	return word;
}

static int find_column(struct str head, size_t *ret_column)
{
	struct str word;
	for (size_t i = 0; (word = str_word(&head)).p; i++) {
		if (str_is(word, "PID")) {
			*ret_column = i;
			return 0;
		}
	}
	fail(-EINVAL, "ps: it shows no column PID");
	fail_hint("add pid to the columns of -o");
	return -EINVAL;
}

static int print_table(struct buf *out, struct str text, const struct members *members)
{
	size_t column;
	struct str line = str_line(&text);
	uint64_t pid;
	TRY(find_column(line, &column));
	buf_add(out, line.p, line.n);
	buf_putc(out, '\n');
	while ((line = str_line(&text)).p) {
		if (str_number(word_at(line, column), INT32_MAX, &pid) ||
		    !members_has(members, (pid_t)pid))
			continue;
		buf_add(out, line.p, line.n);
		buf_putc(out, '\n');
	}
	return 0;
}

int runtime_ps_main(struct runtime_call *call, int argc, char **argv)
{
	struct ps_opts opts = {0};
	struct opt_list rest = {0};
	struct members members;
	struct str text;
	struct buf out = buf_new(call->arena, TABLE_MAX);
	bool json;
	_cleanup_container_ struct container container = CONTAINER_NONE;
	int result = runtime_read(call, &runtime_ps_table, argc, argv, &opts, 1, SIZE_MAX, &rest);
	if (result)
		return result;
	TRY(runtime_format(opts.format, &json));
	TRY(container_need(call, rest.item[0], CONTAINER_LOOK, &container));
	TRY(members_read(call->arena, &container, &members));
	if (json) {
		print_json(&out, &members);
		return msg_print(&out);
	}
	struct opt_list words = {rest.item + 1, rest.n - 1};
	TRY(run_ps(call->arena, &words, &text));
	TRY(print_table(&out, text, &members));
	return msg_print(&out);
}
