// SPDX-License-Identifier: Apache-2.0
// main.c - from the command line of tare-oci to a command, and from its result to an exit status
//
// The exit status is the command's own, or 1 when tare-oci itself failed, as with runc and crun;
// `run` and `exec` pass on what the program returned.
#include "base/fail.h"
#include "base/msg.h"
#include "base/own_program.h"
#include "oci/spec.h"
#include "runtime/log.h"

#include <unistd.h>

enum { EXIT_FAILED = 1 };

static int print_version(const struct runtime_call *call)
{
	struct buf text = buf_new(call->arena, 256);
	buf_puts(&text, "tare-oci version " TARE_VERSION "\nspec: " OCI_SPEC_VERSION "\n");
	return msg_print(&text);
}

// Whose rights there are follows from the caller; the option can only say the same.
static int check_rootless(const char *said)
{
	bool rootless = geteuid() != 0;
	if (!said || str_eq(said, "auto") || str_eq(said, rootless ? "true" : "false"))
		return 0;
	if (!str_eq(said, "true") && !str_eq(said, "false"))
		return fail(-EINVAL, "--rootless '%s': neither true, false nor auto", said);
	return fail(-EINVAL, "--rootless=%s: the caller is %s", said,
		    rootless ? "an ordinary user" : "root");
}

static int start(struct runtime_call *call, int argc, char **argv)
{
	struct opt_list rest = {0};
	int result =
		runtime_read(call, &runtime_table, argc, argv, &call->opts, 0, SIZE_MAX, &rest);
	if (result)
		return result;
	if (call->opts.version)
		return print_version(call);
	TRY(log_check(&call->opts));
	TRY(check_rootless(call->opts.rootless));
	if (!rest.n)
		return start(call, 2, (char *[]){argv[0], "--help", NULL});
	const struct runtime_command *command = runtime_find(rest.item[0]);
	if (command && command->enters)
		TRY(own_program_protect(argv));
	return command ? command->run(call, (int)rest.n, argv + (argc - (int)rest.n)) : -EINVAL;
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	msg_program("tare-oci");
	struct runtime_call call = {.arena = &arena};
	if (start(&call, argc, argv) < 0) {
		log_fault(&call);
		call.status = call.failed ? call.failed : EXIT_FAILED;
	}
	arena_free(&arena);
	return call.status;
}
