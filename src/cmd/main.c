// SPDX-License-Identifier: Apache-2.0
// main.c - from the command line to a command, and from its result to an exit status
//
// The exit status is the command's own, or 125 when tare itself failed; `run` passes on what the
// container's program returned, and 126 or 127 where that could not be executed or found, which the
// fault says.
//
// Every start of a container passes through here, so nothing is done before it is needed: no
// locale, no table built at run time.
#include "base/msg.h"
#include "cmd/command.h"

#include <unistd.h>

enum { EXIT_TARE = 125 }; // Docker's code for "the engine failed, not the container"

static int start(struct command_call *call, int argc, char **argv)
{
	struct opt_list rest = {0};
	int result = command_opts(call, &tare_table, argc, argv, &call->opts, &rest);
	if (result)
		return result;
	if (call->opts.version)
		return version_main(call, 1, (char *[]){"version", NULL});
	if (!rest.n)
		return help_main(call, 1, (char *[]){"help", NULL});

	const struct command *command;
	int words;
	char **at = argv + (argc - (int)rest.n);
	TRY(command_find((int)rest.n, at, &command, &words));
	call->group = words > 1 ? at[0] : NULL;
	return command->run(call, (int)rest.n - words + 1, at + words - 1);
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct command_call call = {.arena = &arena};
	int status;
	if (start(&call, argc, argv) < 0) {
		const struct fault *fault = fault_last();
		msg_fault(fault);
		status = fault->exit_code ? fault->exit_code : EXIT_TARE;
	} else {
		status = call.status;
	}
	arena_free(&arena);
	return status;
}
