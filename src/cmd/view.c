// SPDX-License-Identifier: Apache-2.0
// view.c - tare view
#include "cmd/command.h"

#include "base/msg.h"
#include "engine/view/view.h"
#include "kern/process/tty.h"

#include <stdlib.h>
#include <unistd.h>

struct view_opts {
	bool json; // --json
};

enum { OUTPUT_MAX = 16 << 20 };

static const struct opt options[] = {
	{OPT_INTO(struct view_opts, struct opt_list, json), 0, "json", NULL,
	 "all as one JSON object"},
};

static const struct opt_example examples[] = {
	{"tare view web", "see a container from inside and from outside"},
	{"tare view 4711", "the same of a process, whoever made its container"},
	{NULL, NULL},
};

const struct opt_table view_table = {
	.name = "view",
	.purpose = "show a container from inside and from outside, side by side",
	.synopsis = (const char *const[]){"[OPTION…] CONTAINER|PID", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.examples = examples,
};

static struct view_look look_here(void)
{
	const char *term = getenv("TERM"), *no_colour = getenv("NO_COLOR");
	bool terminal = tty_is(STDOUT_FILENO), dumb = term && str_eq(term, "dumb");
	return (struct view_look){
		.width = terminal ? tty_columns(STDOUT_FILENO) : 0,
		.colour = terminal && !dumb && !(no_colour && *no_colour),
	};
}

int view_main(struct command_call *call, int argc, char **argv)
{
	struct view_opts opts = {0};
	struct opt_list rest = {0};
	struct roots roots;
	struct view view;
	int result = command_opts(call, &view_table, argc, argv, &opts, &rest);
	if (result)
		return result;
	TRY(opt_count(call->arena, &view_table, &rest, 1, 1));
	TRY(command_roots(call, &roots));
	TRY(view_gather(call->arena, &roots, rest.item[0], &view));

	struct buf out = buf_new(call->arena, OUTPUT_MAX);
	struct view_look look = look_here();
	if (opts.json)
		view_json(&out, &view);
	else
		view_text(&out, &view, &look);
	return msg_print(&out);
}
