// SPDX-License-Identifier: Apache-2.0
// completion.c - tare completion bash|zsh|fish
#include "cmd/command.h"

#include "base/fail.h"
#include "base/msg.h"

const struct opt_table completion_table = {
	.name = "completion",
	.purpose = "print the completion file of a shell",
	.synopsis = (const char *const[]){"bash|zsh|fish", NULL},
	.examples =
		(const struct opt_example[]){
			{". <(tare completion bash)", "complete tare's options in this shell"},
			{NULL, NULL},
		},
};

static const struct {
	const char *name;
	void (*write)(const struct opt_table *program, struct buf *out);
} shells[] = {
	{"bash", opt_complete_bash},
	{"zsh", opt_complete_zsh},
	{"fish", opt_complete_fish},
};

int completion_main(struct command_call *call, int argc, char **argv)
{
	struct opt_list rest = {0};
	int result = command_opts(call, &completion_table, argc, argv, NULL, &rest);
	if (result)
		return result;
	TRY(opt_count(call->arena, &completion_table, &rest, 1, 1));
	struct buf text = buf_new(call->arena, 256 * 1024);
	for (size_t i = 0; i < lengthof(shells); i++) {
		if (str_eq(rest.item[0], shells[i].name)) {
			shells[i].write(&tare_table, &text);
			return msg_print(&text);
		}
	}
	return fail(-EINVAL, "completion '%s': bash, zsh or fish is expected", rest.item[0]);
}
