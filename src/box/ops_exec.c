// SPDX-License-Identifier: Apache-2.0
// ops_exec.c - the last step: the process becomes the workload
#include "box/op.h"

#include "base/sys.h"
#include "box/walk.h"

#include <linux/close_range.h>
#include <signal.h>
#include <sys/stat.h>

static int announce(void *context)
{
	return walk_say_exec(context);
}

// Everything above standard error is closed by exec: no descriptor of the host's gets inside.
static int reset_process(void)
{
	uint64_t none = 0;
	TRY((int)sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof(none)));
	sys_call(SYS_umask, 0022);
	return (int)sys_call(SYS_close_range, 3, ~0u, CLOSE_RANGE_CLOEXEC);
}

static int exec_run_step(struct walk *walk, const struct step *step unused_)
{
	const struct plan *plan = walk->plan;
	const char **env = plan->envp;
	if (plan->home)
		env[plan->envp_n] = walk->user.home;
	TRY(reset_process());
	return exec_run(&walk->own, plan->argv, env, announce, walk, walk->why);
}

static bool is_secret(const struct plan *plan, const char *variable)
{
	const struct oci_strings *secret = &plan->spec->secret_env;
	for (size_t i = 0; i < secret->n; i++) {
		size_t n = strlen(secret->item[i]);
		if (strncmp(variable, secret->item[i], n) == 0 && variable[n] == '=')
			return true;
	}
	return false;
}

static void exec_say(struct say *say, const struct plan *plan, const struct step *step unused_)
{
	const struct oci_strings *args = &plan->spec->oci.process.args;
	buf_puts(say->title, "become");
	for (size_t i = 0; i < args->n; i++) {
		buf_putc(say->title, ' ');
		buf_shell(say->title, args->item[i]);
	}
	buf_puts(say->call, "umask(022); close_range(3, …, CLOSE_RANGE_CLOEXEC); execve(");
	buf_shell(say->call, args->item[0]);
	buf_puts(say->call, ", …, {");
	for (size_t i = 0; i < plan->envp_n; i++) {
		const char *variable = plan->envp[i];
		buf_puts(say->call, i ? ", " : "");
		if (is_secret(plan, variable))
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
