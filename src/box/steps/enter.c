// SPDX-License-Identifier: Apache-2.0
// enter.c - steps of a process that enters a container which runs
//
// Its first process is known by a descriptor (pidfd), which never comes to mean another one; all
// its namespaces are entered by that in one call, where the kernel checks that it still lives and
// that we may.
#include "box/steps/op.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/sys.h"
#include "box/steps/walk.h"
#include "kern/namespaces/namespace.h"
#include "kern/process/pty.h"
#include "kern/process/schedule.h"

#include <fcntl.h>

// --- cgroup-open --------------------------------------------------------------------------------

static int cgroup_open_run(struct walk *walk, const struct step *step)
{
	int fd = open(step->a, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return fail_sys(-errno, "open the container's cgroup '%s'", step->a);
	walk->slot[SLOT_CGROUP2] = fd;
	return 0;
}

static int cgroup_open_undo(struct walk *walk, const struct step *step unused_)
{
	fd_close(&walk->slot[SLOT_CGROUP2]);
	return 0;
}

static void cgroup_open_say(struct say *say, const struct plan *plan unused_,
			    const struct step *step)
{
	buf_puts(say->title, "take hold of the container's cgroup: the process will be born in it");
	buf_printf(say->call, "open(\"%s\")", step->a);
}

const struct op_row op_cgroup_open = {
	.name = "cgroup-open",
	.operands = "a",
	.lore =
		{
			.why = "what is added to a container has its limits and its device rules, "
			       "from its first instruction on",
			.without = "it would use the caller's share, and open devices that the "
				   "container may not",
			.look = "cat /proc/PID/cgroup",
		},
	.run = cgroup_open_run,
	.undo = cgroup_open_undo,
	.say = cgroup_open_say,
};

// --- enter --------------------------------------------------------------------------------------

// a: the kinds in words; n: CLONE_NEW….
static int enter_run(struct walk *walk, const struct step *step)
{
	const struct box_target *target = walk->plan->spec->target;
	int result = (int)sys_call(SYS_setns, target ? target->pidfd : -1, (int)step->n);
	if (result >= 0 || walk->self != ACTOR_HOST)
		return result;
	if (result == -ESRCH)
		return fail(result, "the container has just ended");
	return fail_sys(result, "enter the container's namespaces: %s", step->a);
}

static void enter_say(struct say *say, const struct plan *plan, const struct step *step)
{
	bool for_children = step->actor != ACTOR_INIT;
	const char *between = "";
	buf_printf(say->title, "enter namespaces of process %lld: %s%s",
		   (long long)plan->spec->target->pid, step->a,
		   for_children ? " (the pid namespace for children alone)" : "");
	buf_puts(say->call, "setns(pidfd, ");
	for (size_t i = 0; i < NAMESPACE_COUNT; i++) {
		if (!(step->n & namespaces[i].flag))
			continue;
		buf_printf(say->call, "%s%s", between, namespaces[i].flag_name);
		between = "|";
	}
	buf_puts(say->call, ")");
}

const struct op_row op_enter = {
	.name = "enter",
	.operands = "an",
	.lore =
		{
			.why = "a process is in a container when it is in its namespaces. They are "
			       "entered by the descriptor of one process, so all are of the same "
			       "container, whoever ends meanwhile",
			.without = "it would see the host's files, processes and networks",
			.look = "ls -l /proc/PID/ns, and compare with the first process",
		},
	.run = enter_run,
	.say = enter_say,
};

// --- affinity -----------------------------------------------------------------------------------

// a: list of processors; NULL: all that there are to have.
static int affinity_run(struct walk *walk, const struct step *step)
{
	int result = schedule_set_processors(step->a);
	if (result >= 0 || walk->self != ACTOR_HOST)
		return result;
	return fail_sys(result, "process.execCPUAffinity: processors '%s'", step->a);
}

static void affinity_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	const char *which = step->a ? step->a : "all that the container's cgroup has";
	buf_printf(say->title, "use the processors %s%s", which,
		   step->actor == ACTOR_INIT ? "" : ", until the container's cgroup is entered");
	buf_printf(say->call, "sched_setaffinity(0, \"%s\")", step->a ? step->a : "all");
}

const struct op_row op_affinity = {
	.name = "affinity",
	.operands = "a",
	.lore =
		{
			.why = "process.execCPUAffinity: a container that has processors for itself "
			       "is not to be disturbed by a process that is added and begins on them",
			.without = "the process would keep the processors its caller was given",
			.look = "taskset -p PID",
		},
	.run = affinity_run,
	.say = affinity_say,
};

// --- terminal-inside ----------------------------------------------------------------------------

// n: height, m: width; both 0: not asked for. k: lines end as they were written.
static int terminal_inside_run(struct walk *walk, const struct step *step)
{
	int root = (int)sys_call(SYS_openat, AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return root;
	int terminal, devpts = path_open_no_links(root, "/dev/pts", O_RDONLY | O_DIRECTORY);
	sys_call(SYS_close, root);
	if (devpts < 0)
		return devpts;
	int result = pty_open(devpts, &walk->slot[SLOT_MASTER], &terminal);
	sys_call(SYS_close, devpts);
	TRY(result);
	pty_set_size(terminal, (unsigned)step->n, (unsigned)step->m);
	if (step->k)
		pty_leave_lines(terminal);
	return pty_take(terminal);
}

static void terminal_inside_say(struct say *say, const struct plan *plan unused_,
				const struct step *step)
{
	buf_puts(say->title, "make a terminal in the container, and its inner end standard input "
			     "and output");
	if (step->n || step->m)
		buf_printf(say->title, ", of %llu lines and %llu columns",
			   (unsigned long long)step->n, (unsigned long long)step->m);
	if (step->k)
		buf_puts(say->title, ", whose lines end as they were written");
	buf_puts(say->call, "open(\"/dev/pts\"); fstatfs(); openat(\"ptmx\"); ioctl(TIOCGPTPEER); "
			    "ioctl(TIOCSCTTY); dup3(…, 0, 1, 2)");
}

const struct op_row op_terminal_inside = {
	.name = "terminal-inside",
	.operands = "nmk",
	.lore =
		{
			.why = "-t: the terminal is one of the container's own, so that programs "
			       "find its name; the caller's never enters it",
			.without = "a program in the container could push input into the caller's "
				   "shell",
			.look = "ls -l /proc/PID/fd",
		},
	.run = terminal_inside_run,
	.say = terminal_inside_say,
};
