// SPDX-License-Identifier: Apache-2.0
// exec.c - the last step: the process becomes the workload
#include "box/steps/op.h"

#include "base/fail.h"
#include "base/sys.h"
#include "box/exec/reaper.h"
#include "box/steps/walk.h"
#include "kern/seccomp/seccomp.h"

#include <linux/close_range.h>
#include <signal.h>
#include <sys/stat.h>

// --- reaper -------------------------------------------------------------------------------------

static int reaper_run(struct walk *walk, const struct step *step unused_)
{
	int fd = reaper_open();
	if (fd < 0)
		return fail_sys(fd, "make a memory file for --init");
	walk->slot[SLOT_REAPER] = fd;
	fd = reaper_end_open();
	if (fd < 0)
		return fail_sys(fd, "make an eventfd for --init");
	walk->slot[SLOT_END] = fd;
	return 0;
}

static void reaper_say(struct say *say, const struct plan *plan unused_,
		       const struct step *step unused_)
{
	buf_puts(say->title, "make the program of --init a file in memory");
	buf_puts(say->call, "memfd_create(\"tare-init\"); write(); fcntl(F_ADD_SEALS); eventfd()");
}

static void reaper_script(struct buf *out, const struct plan *plan unused_,
			  const struct step *step unused_)
{
	buf_puts(out, "# (tare step --init carries it along)\n");
}

const struct op_row op_reaper = {
	.name = "reaper",
	.operands = "",
	.lore =
		{
			.why = "--init: process 1 has to wait for processes that lost their parent, "
			       "and to pass signals on; few programs do. Sealed, the file can't be "
			       "changed by the container",
			.without =
				"zombies would pile up, and a program without a handler for TERM "
				"would not end by it",
			.look = "readlink /proc/PID/exe",
		},
	.run = reaper_run,
	.say = reaper_say,
	.script = reaper_script,
};

// --- exec ---------------------------------------------------------------------------------------

// After a filter that comes so late nothing is called but execve, and whatever words its failure.
static int announce(void *context)
{
	struct walk *walk = context;
	const struct plan *plan = walk->plan;
	TRY(walk_say_exec(walk));
	if (!walk->filter)
		return 0;
	return (int)seccomp_install(plan->filter, plan->filter_n, (unsigned)walk->filter->k);
}

// Everything above standard error is closed by exec: no descriptor of the host's gets inside, but
// those that were asked for.
static int close_others(const struct walk *walk)
{
	unsigned from = 3 + walk->descriptors;
	struct str rest = str_of(walk->descriptors_more ? walk->descriptors_more : "");
	while (rest.n) {
		uint64_t kept;
		TRY(str_number(str_cut(&rest, ','), INT32_MAX, &kept));
		if (kept > from)
			TRY((int)sys_call(SYS_close_range, from, (unsigned)kept - 1,
					  CLOSE_RANGE_CLOEXEC));
		from = (unsigned)kept + 1;
	}
	return (int)sys_call(SYS_close_range, from, ~0u, CLOSE_RANGE_CLOEXEC);
}

static int reset_process(const struct walk *walk)
{
	uint64_t none = 0;
	TRY((int)sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof(none)));
	sys_call(SYS_umask, walk->umask);
	return close_others(walk);
}

static int exec_run_step(struct walk *walk, const struct step *step unused_)
{
	const struct plan *plan = walk->plan;
	const char **env = plan->envp;
	if (plan->home)
		env[plan->envp_n] = walk->user.home;
	struct exec_reaper reaper = {walk->slot[SLOT_REAPER], walk->socket, walk->slot[SLOT_END]};
	TRY(reset_process(walk));
	return exec_run(&walk->own, plan->argv, env, &reaper, announce, walk, walk->why);
}

static void exec_say(struct say *say, const struct plan *plan, const struct step *step unused_)
{
	const struct oci_strings *args = &plan->spec->oci.process.args;
	buf_puts(say->title, "become");
	for (size_t i = 0; i < args->n; i++) {
		buf_putc(say->title, ' ');
		buf_shell(say->title, args->item[i]);
	}
	buf_puts(say->title, ", with the variables");
	for (size_t i = 0; i < plan->envp_n; i++)
		buf_printf(say->title, " %.*s", (int)strcspn(plan->envp[i], "="), plan->envp[i]);
	buf_puts(say->title, plan->home ? " HOME" : "");
	buf_puts(say->call, "umask(022); close_range(3, …, CLOSE_RANGE_CLOEXEC); execve(");
	buf_shell(say->call, args->item[0]);
	buf_puts(say->call, ", …, {");
	for (size_t i = 0; i < plan->envp_n; i++) {
		const char *variable = plan->envp[i];
		buf_puts(say->call, i ? ", " : "");
		if (plan_is_secret(plan, variable))
			buf_printf(say->call, "%.*s", (int)strcspn(variable, "="), variable);
		else
			buf_puts(say->call, variable);
	}
	buf_puts(say->call, plan->home ? ", HOME})" : "})");
}

const struct op_row op_exec = {
	.name = "exec",
	.operands = "",
	.lore =
		{
			.why = "exec replaces the program in a process and keeps the rest: ids, "
			       "namespaces, limits, filter. From here on it is your program. Only "
			       "descriptors 0, 1 and 2 go along",
			.without = "there would be no container, only a prepared process",
			.look = "ps -o pid,args -p PID",
		},
	.run = exec_run_step,
	.say = exec_say,
};
