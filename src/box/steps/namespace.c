// SPDX-License-Identifier: Apache-2.0
// namespace.c - steps that enter namespaces which exist
//
// HOST opens their files while it sees the host's /proc, and whoever is to be in them enters by
// descriptor. A pid namespace is entered by children only, and a user namespace changes what its
// member may do: so between HOST and INIT stands a third process, MID, which enters and makes INIT.
//
// In a pid namespace that is joined live others, who see INIT in their /proc while it is still our
// program with nearly all rights. What they could do to it (ptrace, /proc/PID/fd, /proc/PID/exe
// opened for writing) the kernel refuses where the process is not "dumpable" and they have no
// CAP_SYS_PTRACE in the user namespace our program was started in. execve(2) makes it dumpable.
#include "box/steps/op.h"

#include "base/fail.h"
#include "base/sys.h"
#include "box/steps/walk.h"
#include "kern/namespaces/namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>

static size_t kind_of(const struct step *step)
{
	const struct namespace *kind = namespace_find(step->a);
	return kind ? (size_t)(kind - namespaces) : 0;
}

// --- namespace-open -----------------------------------------------------------------------------

static int namespace_open_run(struct walk *walk, const struct step *step)
{
	size_t kind = kind_of(step);
	int fd = namespace_open(&namespaces[kind], step->b, step->n);
	walk->joined[kind] = fd;
	if (fd >= 0)
		return 0;
	if (fd == -ENOTTY)
		return fail(fd, "'%s' is no namespace", step->b);
	if (fd == -EINVAL)
		return fail(fd, "'%s' is no %s namespace", step->b, step->a);
	if (fd == -ESRCH)
		return fail(fd, "'%s': that process has ended", step->b);
	return fail_sys(fd, "open the %s namespace '%s'", step->a, step->b);
}

static void namespace_open_say(struct say *say, const struct plan *plan unused_,
			       const struct step *step)
{
	buf_printf(say->title, "take hold of the %s namespace that is to be joined", step->a);
	buf_printf(say->call, "open(\"%s\"); ioctl(NS_GET_NSTYPE)", step->b);
	if (step->n)
		buf_puts(say->call, "; read(\"stat\"), to see that it is still that process");
}

const struct op_row op_namespace_open = {
	.name = "namespace-open",
	.operands = "abn",
	.lore =
		{
			.why = "a namespace lives as long as somebody holds it; by a descriptor it "
			       "can't come to mean another one any more",
			.without = "a process that ends meanwhile, and a number given anew, would "
				   "make the container join somebody else's",
			.look = "ls -l /proc/PID/ns, and compare",
		},
	.run = namespace_open_run,
	.say = namespace_open_say,
};

// --- mid ----------------------------------------------------------------------------------------

// k: in a user namespace of its own.
static int mid_run(struct walk *walk, const struct step *step)
{
	int result = walk_mid(walk, step->k);
	return result < 0 ? fail_sys(result, "make the process between") : 0;
}

static void mid_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_puts(say->title, "make a process that will enter namespaces before the container's "
			     "first is made");
	buf_printf(say->call, "clone3(%s)", step->k ? "CLONE_NEWUSER" : "0");
}

const struct op_row op_mid = {
	.name = "mid",
	.operands = "k",
	.lore =
		{
			.why = "who enters a pid or time namespace is not in it, only his children "
			       "are; and who enters a user namespace can't come back",
			.without = "tare itself would have to enter, and could not look after the "
				   "container from outside",
			.look = "strace -f -e trace=clone3,setns tare run …",
		},
	.run = mid_run,
	.say = mid_say,
};

// --- undumpable ---------------------------------------------------------------------------------

static int undumpable_run(struct walk *walk unused_, const struct step *step unused_)
{
	return (int)sys_call(SYS_prctl, PR_SET_DUMPABLE, 0);
}

static void undumpable_say(struct say *say, const struct plan *plan unused_,
			   const struct step *step unused_)
{
	buf_puts(say->title, "let nobody look into this process until it is your program");
	buf_puts(say->call, "prctl(PR_SET_DUMPABLE, 0)");
}

const struct op_row op_undumpable = {
	.name = "undumpable",
	.operands = "",
	.lore =
		{
			.why = "in the pid namespace that is joined live others; they will see the "
			       "new process while it is still tare's program and has many rights",
			.without = "they could trace it, take its open files, or write to tare's "
				   "own file through /proc/PID/exe (CVE-2016-9962, CVE-2019-5736)",
			.look = "ls -l /proc/PID/exe from another process of that pid namespace",
		},
	.run = undumpable_run,
	.say = undumpable_say,
};

// --- join ---------------------------------------------------------------------------------------

static int join_run(struct walk *walk, const struct step *step)
{
	size_t kind = kind_of(step);
	int result = namespace_enter(&namespaces[kind], walk->joined[kind]);
	sys_call(SYS_close, walk->joined[kind]);
	walk->joined[kind] = -1;
	return result;
}

static void join_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	const struct namespace *kind = &namespaces[kind_of(step)];
	buf_printf(say->title, "enter the %s namespace", kind->name);
	buf_printf(say->call, "setns(…, %s)", kind->flag_name);
}

struct join_lore {
	const char *name;
	struct lore lore;
};

static const struct join_lore join_lores[] = {
	{"user",
	 {"what is joined belongs to this user namespace, and only in there has an ordinary user "
	  "power over it; ids have the same meaning in both containers",
	  "the kernel would not let us enter the others", "cat /proc/PID/uid_map"}},
	{"pid",
	 {"the container sees and may signal the processes that live there, and they it",
	  "it would have process numbers of its own", "grep NSpid /proc/PID/status"}},
	{"network",
	 {"both have the same interfaces, addresses and ports: one reaches the other by localhost",
	  "it would have a loopback of its own alone", "nsenter -t PID -n ip addr"}},
	{"ipc",
	 {"both see the same shared memory, semaphores and message queues",
	  "what one puts there the other would not find", "nsenter -t PID -i ipcs"}},
	{"uts",
	 {"both have the same host name", "it would have a name of its own",
	  "nsenter -t PID -u hostname"}},
	{"cgroup",
	 {"the tree of cgroups begins for both at the same group",
	  "it would see itself at the top of the tree", "cat /proc/PID/cgroup"}},
};

static const struct lore *join_lore(const struct plan *plan unused_, const struct step *step)
{
	for (size_t i = 0; i < lengthof(join_lores); i++)
		if (str_eq(join_lores[i].name, step->a))
			return &join_lores[i].lore;
	return NULL;
}

const struct op_row op_join = {
	.name = "join",
	.operands = "a",
	.lore =
		{
			.why = "the container is to share it with who made it",
			.without = "it would have one of its own",
			.look = "ls -l /proc/PID/ns",
		},
	.run = join_run,
	.say = join_say,
	.lore_of = join_lore,
};

// --- clocks -------------------------------------------------------------------------------------

// a: the text of /proc/PID/timens_offsets. They can be set until the first process is inside.
static int clocks_run(struct walk *walk unused_, const struct step *step)
{
	TRY((int)sys_call(SYS_unshare, CLONE_NEWTIME));
	int fd = (int)sys_call(SYS_openat, AT_FDCWD, "/proc/self/timens_offsets",
			       O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return fd;
	long n = sys_call(SYS_write, fd, step->a, strlen(step->a));
	sys_call(SYS_close, fd);
	return (int)min_of(n, 0L);
}

static void clocks_say(struct say *say, const struct plan *plan, const struct step *step)
{
	const struct oci_time_offsets *offsets = &plan->spec->oci.linux_.time_offsets;
	buf_printf(say->title,
		   "make a time namespace: monotonic clock %+lld s, time since boot %+lld s",
		   (long long)offsets->monotonic.secs, (long long)offsets->boottime.secs);
	buf_printf(say->call,
		   "unshare(CLONE_NEWTIME); write(\"/proc/self/timens_offsets\", %zu bytes)",
		   strlen(step->a));
}

const struct op_row op_clocks = {
	.name = "clocks",
	.operands = "a",
	.lore =
		{
			.why = "the clocks that count from the boot can be others inside, not the "
			       "time of day; who makes the namespace is not in it, only children "
			       "are, and once one is the offsets are fixed",
			.without = "uptime and timers would be the host's",
			.look = "cat /proc/PID/timens_offsets; nsenter -t PID -T uptime",
		},
	.run = clocks_run,
	.say = clocks_say,
};
