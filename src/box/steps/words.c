// SPDX-License-Identifier: Apache-2.0
// words.c - the plan explains its own failures
//
// INIT reports a number and an errno. The words come from the step's own reading, so that an error
// says what was being done: "step 10 of 56: mount overlay on '/': Invalid argument".
#include "box/steps/words.h"

#include "base/fail.h"
#include "base/msg.h"
#include "box/steps/mount_failure.h"
#include "box/steps/op.h"
#include "kern/process/lsm.h"

#include <signal.h>
#include <sys/wait.h>

enum { WORDS_MAX = 512 };

static void add_label_hint(const struct step *step, int error)
{
	bool apparmor = str_eq(step->a, "apparmor");
	const char *module = apparmor ? "AppArmor" : "SELinux";
	if (!lsm_is_on(step->a))
		fail_hint("%s is off on this host", module);
	else if (error == -ENOENT || error == -EINVAL)
		fail_hint("%s has no such %s loaded", module, apparmor ? "profile" : "context");
	else if (error == -EACCES || error == -EPERM)
		fail_hint("%s does not let this caller run programs under it", module);
}

static void add_sysctl_hint(int error)
{
	if (error == -ENOENT)
		fail_hint("this kernel has no such setting in the container's namespaces");
	else if (error == -EACCES || error == -EPERM)
		fail_hint("this kernel lets only the host's root set it");
	else if (error == -EINVAL)
		fail_hint("the kernel does not take that value for it");
	else if (error == -EXDEV || error == -ELOOP || error == -EROFS)
		fail_hint("/proc/sys is not what it should be here: something is mounted on it");
}

// What is known of an error beyond its name.
static void add_hint(const struct walk *walk, const struct step *step, int error)
{
	const struct box_spec *spec = walk->plan->spec;
	switch (step->op) {
	case OP_MOUNT:
		if (error == -EINVAL && spec->oci.linux_.mount_label && !lsm_is_on("selinux"))
			fail_hint("SELinux is off on this host, and linux.mountLabel asks for it");
		if (error == -ELOOP || error == -ENOTDIR)
			fail_hint("'%s' must be a real directory of the root: a symbolic link "
				  "there could lead out of it",
				  step->b);
		break;
	case OP_KEYRING:
		if (error == -EDQUOT)
			fail_hint("this user has as many keyrings as the kernel allows: see "
				  "/proc/sys/kernel/keys/maxkeys");
		break;
	case OP_CLOCKS:
		if (error == -ERANGE)
			fail_hint("a clock must not go below zero, nor beyond 146 years: the host "
				  "has been up for less than is to be taken away");
		if (error == -EINVAL)
			fail_hint("this kernel was built without time namespaces");
		break;
	case OP_JOIN:
		if (error == -EPERM)
			fail_hint("to enter it takes CAP_SYS_ADMIN over what owns it");
		break;
	case OP_ENTER:
		if (error == -EPERM)
			fail_hint(
				"an ordinary user can enter what he has made, once it was started");
		break;
	case OP_TERMINAL:
	case OP_TERMINAL_INSIDE:
		if (error == -EXDEV)
			fail_hint("what the container has at /dev/pts is no devpts");
		break;
	case OP_RLIMIT:
		if (error == -EPERM)
			fail_hint("a hard limit can be raised only with CAP_SYS_RESOURCE, which "
				  "tare has not got here");
		break;
	case OP_OOM_SCORE:
		if (error == -EACCES || error == -EPERM)
			fail_hint("it can be lowered only with CAP_SYS_RESOURCE on the host, which "
				  "tare has not got here");
		break;
	case OP_SCHEDULER:
	case OP_IO_PRIORITY:
		if (error == -EPERM)
			fail_hint("to get more than others takes CAP_SYS_NICE on the host; "
				  "SCHED_FIFO and SCHED_RR take time of its cgroup's as well where "
				  "cgroup v1 divides that (linux.resources.cpu.realtimeRuntime)");
		if (error == -EBUSY)
			fail_hint("the processors have no room for those deadlines");
		break;
	case OP_MEMORY_POLICY:
		if (error == -ENOSYS)
			fail_hint("this kernel was built without memory nodes (NUMA)");
		if (error == -EINVAL)
			fail_hint(
				"the host lacks those nodes, or its kernel that mode; see numactl "
				"--hardware");
		break;
	case OP_NODE:
		if (error == -EEXIST)
			fail_hint("the root has something else there: remove it, or mount a tmpfs "
				  "on /dev");
		break;
	case OP_LABEL:
		add_label_hint(step, error);
		break;
	case OP_SYSCTL:
		add_sysctl_hint(error);
		break;
	case OP_WORKDIR:
	case OP_MAKE_DIRECTORY:
		if (error == -ELOOP || error == -EXDEV)
			fail_hint("the working directory must lie in the container; links of /proc "
				  "lead out of it");
		break;
	case OP_IDS:
		if (spec->user && (error == -EINVAL || error == -EPERM))
			fail_hint(
				"only one id is mapped; for others install newuidmap (package "
				"uidmap) and give this user lines in /etc/subuid and /etc/subgid");
		break;
	default:
		break;
	}
	if (error == -EROFS)
		fail_hint("a mount point is missing and the root can't be written: make it there, "
			  "or put an overlay over the root with :O");
}

// Text from the root, safe to show.
static const char *shown(struct arena *arena, const char *text)
{
	struct buf out = buf_new(arena, 4 * EXEC_INTERPRETER_MAX);
	msg_escape(&out, str_of(text));
	return out.p;
}

static void hint_names(struct arena *arena, const struct exec_why *why, const char *file)
{
	if (why->other[0])
		fail_hint("is it '%s'? a number is taken as it is, too", shown(arena, why->other));
	else if (why->interpreter[0])
		fail_hint("it has %s; a number is taken as it is, too",
			  shown(arena, why->interpreter));
	else
		fail_hint("the root has no %s with names in it: use a number", file);
}

static int word_user(struct arena *arena, const struct step *step, int error,
		     const struct exec_why *why)
{
	const char *user = step->a ? step->a : "0";
	const char *colon = strchr(user, ':');
	const char *group = colon ? colon + 1 : "";
	int length = colon ? (int)(colon - user) : (int)strlen(user);
	const char *file = error == -ENODATA ? "/etc/group" : "/etc/passwd";
	if (error == -ENOKEY)
		fail(error, "user '%.*s': not in the root's %s", length, user, file);
	else if (error == -ENODATA)
		fail(error, "group '%s': not in the root's %s", group, file);
	else if (error == -ENOTUNIQ)
		fail(error, "user '%.*s': is in more than %d groups", length, user,
		     WALK_GROUPS_MAX);
	else if (error == -EFBIG)
		fail(error, "user '%s': the root's /etc/passwd or /etc/group is too large", user);
	else
		fail_sys(error, "user '%s': read the root's /etc/passwd and /etc/group", user);
	if (why && (error == -ENOKEY || error == -ENODATA))
		hint_names(arena, why, file);
	return error;
}

static int word_group(struct arena *arena, const struct step *step, int error,
		      const struct exec_why *why)
{
	if (error == -ENODATA) {
		fail(error, "group '%s': not in the root's /etc/group", step->a);
		if (why)
			hint_names(arena, why, "/etc/group");
	} else if (error == -ENOTUNIQ) {
		fail(error, "group '%s': the user would be in more than %d groups", step->a,
		     WALK_GROUPS_MAX);
	} else if (error == -EFBIG) {
		fail(error, "group '%s': the root's /etc/group is too large", step->a);
	} else {
		fail_sys(error, "group '%s': read the root's /etc/group", step->a);
	}
	return error;
}

int walk_word_failure(struct walk *walk, size_t number, int error, const struct exec_why *why)
{
	const struct plan *plan = walk->plan;
	if (number >= plan->steps_n || error >= 0)
		return fail(-EPROTO, "the container's first process told nonsense");
	const struct step *step = &plan->steps[number];
	walk->failed = number + 1;
	if (step->actor == ACTOR_HOST && fault_last()->error)
		return error;
	bool program = step->op == OP_EXEC || step->op == OP_FIND || step->op == OP_HOOK;
	if (program && why && why->error)
		return exec_why_fail(walk->arena, why);
	if (step->op == OP_USER)
		return word_user(walk->arena, step, error, why);
	if (step->op == OP_GROUP)
		return word_group(walk->arena, step, error, why);
	if (mount_failure(walk, step, error))
		return error;
	struct buf title = buf_new(walk->arena, WORDS_MAX), call = buf_new(walk->arena, WORDS_MAX);
	struct say say = {&title, &call};
	op_row(step->op)->say(&say, plan, step);
	fail_sys(error, "step %zu of %zu: %s", number + 1, plan->steps_n, title.p);
	add_hint(walk, step, error);
	return error;
}

int walk_word_killed(struct walk *walk, int wait_status)
{
	const struct plan *plan = walk->plan;
	int64_t limit = plan->spec->oci.linux_.resources.memory_limit;
	const char *who = plan->spec->target ? "process" : "container";
	if (WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGKILL && limit > 0) {
		fail(-ENOMEM,
		     "the %s was killed before it started, as the container's memory limit of "
		     "%lld bytes was reached",
		     who, (long long)limit);
		fail_hint("give it more with --memory");
		return -ENOMEM;
	}
	if (WIFSIGNALED(wait_status))
		return fail(-EINTR, "the %s was killed before it started (SIG%s)", who,
			    sigabbrev_np(WTERMSIG(wait_status)));
	return fail(-EPROTO, "the container's first process ended before it started");
}
