// SPDX-License-Identifier: Apache-2.0
// version.c - tare version
#include "cmd/command.h"

#include "base/msg.h"

const struct opt_table version_table = {
	.name = "version",
	.purpose = "print the version of tare",
	.synopsis = (const char *const[]){"", NULL},
};

int version_main(struct command_call *call, int argc, char **argv)
{
	struct opt_list rest = {0};
	int result = command_opts(call, &version_table, argc, argv, NULL, &rest);
	if (result)
		return result;
	TRY(opt_count(call->arena, &version_table, &rest, 0, 0));
	struct buf text = buf_new(call->arena, 256);
	buf_puts(&text, "tare " TARE_VERSION "\n");
	return msg_print(&text);
}
