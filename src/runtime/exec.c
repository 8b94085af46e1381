// SPDX-License-Identifier: Apache-2.0
// exec.c - tare-oci exec
//
// The exit status is the program's, or 128 and the number of the signal that ended it; 255 where it
// could not be started, whatever the reason, as with runc: 126 and 127 can be a shell's own.
#include "runtime/exec.h"

#include "base/fail.h"
#include "base/fd.h"
#include "box/steps/walk.h"
#include "runtime/document.h"
#include "runtime/life.h"
#include "runtime/log.h"
#include "runtime/make.h"
#include "runtime/target.h"

#include <unistd.h>

enum { EXIT_NOT_STARTED = 255 };

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct exec_opts, struct oci_strings, field), letter, name, value, help   \
	}

static const struct opt options[] = {
	ROW(process.file, 'p', "process", "FILE",
	    "take the process from a document, not from the container's own"),
	ROW(process.terminal, 't', "tty", NULL, "give it a terminal"),
	ROW(detach, 'd', "detach", NULL, "do not wait for its end"),
	ROW(process.cwd, 0, "cwd", "DIR", "begin in this directory of the container"),
	ROW(process.env, 'e', "env", "NAME=VALUE", "add a variable, or change one"),
	ROW(process.user, 'u', "user", "UID[:GID]", "run it as this user"),
	ROW(process.groups, 'g', "additional-gids", "GID", "put it into one more group"),
	ROW(process.caps, 'c', "cap", "CAPABILITY", "let it have one capability more"),
	ROW(process.no_new_privileges, 0, "no-new-privs", NULL,
	    "let set-uid programs gain nothing"),
	ROW(process.apparmor, 0, "apparmor", "PROFILE", "run it under AppArmor's profile"),
	ROW(process.label, 0, "process-label", "CONTEXT", "run it under SELinux's context"),
	ROW(pid_file, 0, "pid-file", "FILE", "write its number into FILE"),
	ROW(console, 0, "console-socket", "SOCKET", "send its terminal to whoever listens there"),
	ROW(preserve_fds, 0, "preserve-fds", "N", "pass N descriptors on, from 3"),
	ROW(cgroups, 0, "cgroup", "[CONTROLLER,…:]PATH",
	    "put it into a group below the container's, which is there"),
	ROW(ignore_paused, 0, "ignore-paused", NULL,
	    "add it to a container that is paused: it begins when that is resumed"),
	ROW(no_subreaper, 0, "no-subreaper", NULL,
	    "orphans go to whoever reaps for the caller, as they do anyway"),
	OPT_LATER(0, "pidfd-socket", "--pid-file tells its number"),
};

static const struct opt_example examples[] = {
	{"tare-oci exec -t web sh", "a shell in the container web"},
	{"tare-oci exec -d -p process.json --pid-file pid web",
	 "add the process that a document describes, and leave it"},
	{NULL, NULL},
};

const struct opt_table runtime_exec_table = {
	.program = "tare-oci",
	.name = "exec",
	.purpose = "run one more program in a container that was created",
	.synopsis = (const char *const[]){"[OPTION…] ID PROGRAM [ARG…]",
					  "[OPTION…] --process FILE ID", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.stops = true,
	.examples = examples,
};

static int check_status(const struct container *container, bool ignore_paused)
{
	enum container_status status = container->status;
	if (status == CONTAINER_CREATED || status == CONTAINER_RUNNING)
		return 0;
	if (status == CONTAINER_PAUSED && ignore_paused)
		return 0;
	fail(-EINVAL, "container '%s': it is %s, and nothing can be added to it", container->id,
	     container_status_text(status));
	if (status == CONTAINER_PAUSED)
		fail_hint("resume it, or --ignore-paused: the program begins when it is resumed");
	return -EINVAL;
}

static int check_terminal(const struct exec_opts *opts, const struct oci_process *process)
{
	if (opts->console && !process->terminal)
		return fail(-EINVAL, "--console-socket: there is no terminal; --tty asks for one");
	if (!opts->detach || !process->terminal || opts->console)
		return 0;
	fail(-EINVAL, "--detach: somebody has to look after the terminal");
	fail_hint("--console-socket names a socket of whoever does");
	return -EINVAL;
}

int exec_spec(struct runtime_call *call, const struct exec_opts *opts,
	      const struct container *container, const struct oci_spec *document,
	      const struct facts *facts, struct box_target *ret_target, struct box_spec *ret_spec)
{
	struct arena *arena = call->arena;
	struct box_spec spec = {
		.oci = *document,
		.id = container->id,
		.name = container->id,
		.state = container->path,
		.bundle = container->bundle,
		.exact = true,
		.console = opts->console,
		.target = ret_target,
		.home_from_passwd = true,
		.stdin_open = true,
		.plain_lines = make_plain_lines(opts->console),
	};
	TRY(make_read_fds(opts->preserve_fds, &spec.preserve_fds));
	TRY(process_make(call, &opts->process, &document->process, &spec.oci.process));
	TRY(check_terminal(opts, &spec.oci.process));
	TRY(target_find(arena, container, document, facts, &opts->cgroups, ret_target));
	const struct oci_user *user = &spec.oci.process.user;
	spec.user = arena_printf(arena, "%u:%u", user->uid, user->gid);
	spec.seccomp = spec.oci.linux_.seccomp ? BOX_SECCOMP_PROFILE : BOX_SECCOMP_UNCONFINED;
	document_limit_capabilities(arena, facts, &spec);
	*ret_spec = spec;
	return 0;
}

// Until its end, unless nobody is to wait for that.
static int look_after(struct runtime_call *call, const struct exec_opts *opts, struct walk *walk,
		      struct monitor *monitor)
{
	int result = opts->pid_file ? make_pid_file(call->arena, opts->pid_file, walk->pid) : 0;
	if (result < 0) {
		walk_stop(walk);
		return result;
	}
	if (opts->detach)
		return 0;
	return watch_to_end(call, monitor, walk->pidfd, take_fd(&walk->slot[SLOT_MASTER]));
}

static int run(struct runtime_call *call, const struct exec_opts *opts,
	       const struct container *container)
{
	struct box_target target;
	struct oci_spec document;
	struct monitor monitor;
	struct box_spec spec;
	struct facts facts;
	struct plan plan;
	struct walk walk;
	TRY(check_status(container, opts->ignore_paused));
	TRY(facts_gather(call->arena, FACTS_CHEAP, NULL, &facts));
	TRY(container_document(call->arena, container, &document));
	TRY(exec_spec(call, opts, container, &document, &facts, &target, &spec));
	TRY(plan_build_exec(call->arena, &spec, &facts, &plan));
	for (size_t i = 0; i < spec.notices.n; i++)
		log_warning(call, spec.notices.item[i]);
	if (!opts->detach)
		TRY(monitor_prepare(&monitor));
	TRY(walk_run(call->arena, &plan, NULL, &walk));
	return look_after(call, opts, &walk, &monitor);
}

int runtime_exec_main(struct runtime_call *call, int argc, char **argv)
{
	struct exec_opts opts = {0};
	struct opt_list rest = {0};
	_cleanup_container_ struct container container = CONTAINER_NONE;
	call->failed = EXIT_NOT_STARTED;
	int result = runtime_read(call, &runtime_exec_table, argc, argv, &opts, 1, SIZE_MAX, &rest);
	if (result)
		return result;
	opts.process.args = (struct oci_strings){rest.item + 1, rest.n - 1};
	TRY(container_need(call, rest.item[0], CONTAINER_LOOK, &container));
	return run(call, &opts, &container);
}
