// SPDX-License-Identifier: Apache-2.0
// clone.c - steps that make the process and set it apart
#include "box/steps/op.h"

#include "base/fail.h"
#include "base/sys.h"
#include "box/steps/walk.h"
#include "kern/namespaces/idmap.h"
#include "kern/namespaces/namespace.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>

// --- clone --------------------------------------------------------------------------------------

static int clone_run(struct walk *walk, const struct step *step unused_)
{
	int result = walk_clone(walk);
	if (result >= 0 || walk->self != ACTOR_HOST)
		return min_of(result, 0);
	fail_sys(result, walk->plan->spec->target ? "make a process in the container"
						  : "make the container's first process");
	if (result == -EBUSY)
		fail_hint(
			"its cgroup hands controllers to groups below it, and so takes no processes");
	if (result == -EPERM && walk->plan->facts->uid)
		fail_hint("this user may not make user namespaces: tare info says which switch "
			  "denies it");
	if (result == -ENOSPC)
		fail_hint("a limit on namespaces is reached: see /proc/sys/user/max_*_namespaces");
	return result;
}

static void clone_say(struct say *say, const struct plan *plan, const struct step *step unused_)
{
	buf_puts(say->title, "make a process in new namespaces:");
	buf_puts(say->call, "clone3(CLONE_PIDFD");
	for (size_t i = 0; i < NAMESPACE_COUNT; i++) {
		if (!(plan->namespaces & namespaces[i].flag))
			continue;
		buf_printf(say->title, " %s", namespaces[i].name);
		buf_printf(say->call, "|%s", namespaces[i].flag_name);
	}
	if (plan->share_memory)
		buf_puts(say->call, "|CLONE_VM|CLONE_VFORK");
	if (plan->mid)
		buf_puts(say->call, "|CLONE_PARENT");
	buf_puts(say->call, ")");
}

const struct op_row op_clone = {
	.name = "clone",
	.operands = "",
	.lore =
		{
			.why = "a namespace is a copy of one thing the kernel shows to processes: "
			       "the process numbers, the mounts, the network, the host name. The "
			       "new process is number 1 of its own world",
			.without = "it would see and could signal every process of the host, and "
				   "its mounts would be the host's",
			.look = "ls -l /proc/PID/ns; lsns -p PID",
		},
	.run = clone_run,
	.say = clone_say,
};

// --- id map -------------------------------------------------------------------------------------

// Of the container's namespace, or of that which it lies in.
static const struct id_maps *maps_of(const struct plan *plan)
{
	return plan->outer.uid_n ? &plan->outer : &plan->maps;
}

// k: enum idmap_way.
static int id_map_run(struct walk *walk, const struct step *step)
{
	pid_t pid = walk->mid ? walk->mid : walk->pid;
	return idmap_apply(walk->arena, pid, (enum idmap_way)step->k, maps_of(walk->plan),
			   walk->plan->facts);
}

static void id_map_say(struct say *say, const struct plan *plan, const struct step *step)
{
	const struct id_maps *maps = maps_of(plan);
	buf_printf(say->title, "say whose ids those inside%s are (inside, outside, how many): ",
		   maps == &plan->outer ? " of the namespace between" : "");
	for (size_t i = 0; i < maps->uid_n; i++)
		buf_printf(say->title, "%s%u %u %u", i ? ", " : "", maps->uid[i].inside,
			   maps->uid[i].outside, maps->uid[i].count);
	if (step->k == IDMAP_BY_HELPERS)
		buf_puts(say->call, "newuidmap and newgidmap write /proc/PID/uid_map, gid_map");
	else if (step->k == IDMAP_WRITE)
		buf_puts(say->call, "write /proc/PID/uid_map, gid_map");
	else
		buf_puts(say->call, "write /proc/PID/setgroups \"deny\", uid_map, gid_map");
}

const struct op_row op_id_map = {
	.name = "id-map",
	.operands = "k",
	.lore =
		{
			.why = "in a user namespace an id is a number of its own; the map says "
			       "which id of the host it stands for. Root inside is you outside",
			.without = "every id inside would be 65534, nobody, and nothing could be "
				   "made or opened",
			.look = "cat /proc/PID/uid_map",
		},
	.run = id_map_run,
	.say = id_map_say,
};

// --- die with parent ----------------------------------------------------------------------------

// The parent may have died before the kernel was asked to tell: then its end of the socket is shut.
static int die_with_parent_run(struct walk *walk, const struct step *step unused_)
{
	TRY((int)sys_call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL));
	if (walk->socket < 0)
		return 0;
	struct pollfd parent = {.fd = walk->socket, .events = 0};
	struct timespec at_once = {0};
	long ready = sys_call(SYS_ppoll, &parent, 1, &at_once, NULL, 0);
	if (ready > 0 && parent.revents & (POLLHUP | POLLERR))
		sys_call(SYS_exit_group, 125);
	return 0;
}

static void die_with_parent_say(struct say *say, const struct plan *plan unused_,
				const struct step *step)
{
	buf_puts(say->title, step->k ? "ask again to be killed when tare dies (new ids forget it)"
				     : "ask to be killed when tare dies");
	buf_puts(say->call, "prctl(PR_SET_PDEATHSIG, SIGKILL)");
}

static const struct lore die_with_group_lore = {
	"tare has no daemon: whoever started a container looks after it. Its first process is not "
	"number 1 of a pid namespace, so its death alone does not end the others: at the end tare "
	"kills whoever is left in the container's cgroup, and after a kill -9 of tare the next "
	"command does",
	"kill -9 of tare would leave a container that nobody watches",
	"kill -9 tare, and see that PID is gone; cat /proc/PID/cgroup",
};

static const struct lore die_alone_lore = {
	"tare has no daemon: whoever started a container looks after it. Its first process is not "
	"number 1 of a pid namespace and it has no cgroup, so what it started goes on after its "
	"end, as programs of the host do",
	"kill -9 of tare would leave even the first process",
	"kill -9 tare, and see that PID is gone",
};

static const struct lore *die_with_parent_lore(const struct plan *plan,
					       const struct step *step unused_)
{
	if (plan->namespaces & CLONE_NEWPID)
		return NULL;
	return plan->cgroup_name ? &die_with_group_lore : &die_alone_lore;
}

const struct op_row op_die_with_parent = {
	.name = "die-with-parent",
	.operands = "k",
	.lore =
		{
			.why = "tare has no daemon: whoever started a container looks after it. "
			       "When process 1 of a pid namespace dies, all of them die",
			.without = "kill -9 of tare would leave a container that nobody watches",
			.look = "kill -9 tare, and see that PID is gone",
		},
	.lore_of = die_with_parent_lore,
	.run = die_with_parent_run,
	.say = die_with_parent_say,
};

// --- clean slate --------------------------------------------------------------------------------

// Handlers end with exec by themselves; what is ignored stays so for ever.
static int clean_slate_run(struct walk *walk, const struct step *step unused_)
{
	struct {
		void *handler;
		unsigned long flags;
		void *restorer;
		uint64_t mask;
	} by_default = {0};
	for (int number = 1; number <= 64; number++)
		if (walk->ignored >> (number - 1) & 1)
			sys_call(SYS_rt_sigaction, number, &by_default, NULL, 8);
	sys_call(SYS_umask, 0);
	return (int)sys_call(SYS_setsid);
}

static void clean_slate_say(struct say *say, const struct plan *plan unused_,
			    const struct step *step unused_)
{
	buf_puts(say->title, "forget the caller's session, ignored signals and umask");
	buf_puts(say->call, "rt_sigaction(…, SIG_DFL) for what the caller ignored; umask(0); "
			    "setsid()");
}

const struct op_row op_clean_slate = {
	.name = "clean-slate",
	.operands = "",
	.lore =
		{
			.why = "a process inherits more than memory: here nothing of the caller's "
			       "habits is passed on",
			.without = "a container started under nohup would ignore SIGHUP, and files "
				   "would get modes that depend on who started it",
			.look = "grep Sig /proc/PID/status; ps -o sid= -p PID",
		},
	.run = clean_slate_run,
	.say = clean_slate_say,
};

// --- become root --------------------------------------------------------------------------------

static int become_root_run(struct walk *walk unused_, const struct step *step unused_)
{
	TRY((int)sys_call(SYS_setresgid, 0, 0, 0));
	return (int)sys_call(SYS_setresuid, 0, 0, 0);
}

static void become_root_say(struct say *say, const struct plan *plan unused_,
			    const struct step *step unused_)
{
	buf_puts(say->title, "become user 0 of the new user namespace");
	buf_puts(say->call, "setresgid(0, 0, 0); setresuid(0, 0, 0)");
}

const struct op_row op_become_root = {
	.name = "become-root",
	.operands = "",
	.lore =
		{
			.why = "what is made from here on (mount points, device files) should "
			       "belong to the container's root",
			.without = "it would belong to the caller's number inside",
			.look = "ls -ln /proc/PID/root/dev",
		},
	.run = become_root_run,
	.say = become_root_say,
};
