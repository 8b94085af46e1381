// SPDX-License-Identifier: Apache-2.0
// help.c - tare help [COMMAND]
#include "cmd/command.h"

#include "base/fail.h"

const struct opt_table help_table = {
	.name = "help",
	.purpose = "show what a command does and takes",
	.synopsis = (const char *const[]){"[COMMAND]", NULL},
};

int help_main(struct command_call *call, int argc, char **argv)
{
	struct opt_list rest = {0};
	int result = command_opts(call, &help_table, argc, argv, NULL, &rest);
	if (result)
		return result;
	TRY(opt_count(call->arena, &help_table, &rest, 0, 1));
	if (!rest.n)
		return command_opts(call, &tare_table, 2, (char *[]){"tare", "--help", NULL}, NULL,
				    &rest);
	const struct command *command;
	int words;
	TRY(command_find(1, (char *[]){(char *)rest.item[0], NULL}, &command, &words));
	return command_opts(call, command->table, 2, (char *[]){"help", "--help", NULL}, NULL,
			    &rest);
}
