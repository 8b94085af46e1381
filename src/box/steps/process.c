// SPDX-License-Identifier: Apache-2.0
// process.c - steps that take rights away from the process itself
//
// They come last and in an order the kernel forces: the bounding set while CAP_SETPCAP is there,
// the filter while CAP_SYS_ADMIN is there (without no_new_privs; with it, right before exec), then
// groups and ids, then what is left of the capabilities.
#include "box/steps/op.h"

#include "base/path.h"
#include "base/sys.h"
#include "box/steps/walk.h"
#include "kern/caps.h"
#include "kern/process/creds.h"
#include "kern/seccomp/seccomp.h"

#include <fcntl.h>
#include <sys/prctl.h>

// --- bounding -----------------------------------------------------------------------------------

static int bounding_run(struct walk *walk unused_, const struct step *step)
{
	return creds_bound(step->n, (unsigned)step->k);
}

static void bounding_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "give up for ever all capabilities but: %s",
		   caps_text(say->title->arena, step->n));
	buf_printf(say->call, "prctl(PR_CAPBSET_DROP, …), %d times",
		   step->k + 1 - __builtin_popcountll(step->n));
}

const struct op_row op_bounding = {
	.name = "bounding",
	.operands = "nk",
	.lore =
		{
			.why = "capabilities are the pieces of root's power; what is not in the "
			       "bounding set no process in here can get, not even by a set-uid "
			       "program",
			.without =
				"root inside could load kernel modules, set the clock, mount the "
				"host's disks",
			.look = "grep CapBnd /proc/PID/status",
		},
	.run = bounding_run,
	.say = bounding_say,
};

// --- no-new-privs -------------------------------------------------------------------------------

static int no_new_privs_run(struct walk *walk unused_, const struct step *step unused_)
{
	return creds_no_new_privileges();
}

static void no_new_privs_say(struct say *say, const struct plan *plan unused_,
			     const struct step *step unused_)
{
	buf_puts(say->title, "let set-uid programs gain nothing");
	buf_puts(say->call, "prctl(PR_SET_NO_NEW_PRIVS, 1)");
}

const struct op_row op_no_new_privs = {
	.name = "no-new-privs",
	.operands = "",
	.lore =
		{
			.why = "--security-opt no-new-privileges: the strict way. It is not the "
			       "default, as in Docker, since images use sudo and su",
			.without = "an ordinary user inside could become the container's root by a "
				   "set-uid program of the image",
			.look = "grep NoNewPrivs /proc/PID/status",
		},
	.run = no_new_privs_run,
	.say = no_new_privs_say,
};

// --- seccomp ------------------------------------------------------------------------------------

static int seccomp_run(struct walk *walk, const struct step *step unused_)
{
	return (int)seccomp_install(walk->plan->filter, walk->plan->filter_n, SECCOMP_FLAGS);
}

static void seccomp_say(struct say *say, const struct plan *plan, const struct step *step unused_)
{
	buf_printf(say->title, "filter system calls, by a program of %zu instructions",
		   plan->filter_n);
	buf_puts(say->call, "seccomp(SECCOMP_SET_MODE_FILTER)");
}

const struct op_row op_seccomp = {
	.name = "seccomp",
	.operands = "",
	.lore =
		{
			.why = "the kernel has more than 400 system calls and a program needs few; "
			       "the filter refuses those that have been ways out, as in Docker's "
			       "default profile",
			.without =
				"a bug in a call that nobody here uses would be a way to the host",
			.look = "grep Seccomp /proc/PID/status",
		},
	.run = seccomp_run,
	.say = seccomp_say,
};

// a: the filter as text (plan/seccomp.h); k: the flags.
static int seccomp_profile_run(struct walk *walk, const struct step *step)
{
	int result =
		(int)seccomp_install(walk->plan->filter, walk->plan->filter_n, (unsigned)step->k);
	if (result >= 0 && step->k & SECCOMP_FILTER_FLAG_NEW_LISTENER)
		walk->slot[SLOT_LISTENER] = result;
	return min_of(result, 0);
}

const struct op_row op_seccomp_profile = {
	.name = "seccomp-profile",
	.operands = "ak",
	.lore =
		{
			.why = "the caller's own profile stands in the place of Docker's default",
			.without = "the container could make every system call",
			.look = "grep Seccomp /proc/PID/status",
		},
	.run = seccomp_profile_run,
	.say = seccomp_say,
};

static int seccomp_at_exec_run(struct walk *walk, const struct step *step)
{
	walk->filter = step;
	return 0;
}

static void seccomp_at_exec_say(struct say *say, const struct plan *plan, const struct step *step)
{
	seccomp_say(say, plan, step);
	buf_puts(say->title, ", at the last moment");
	buf_puts(say->call, ", right before execve()");
}

const struct op_row op_seccomp_at_exec = {
	.name = "seccomp-at-exec",
	.operands = "ak",
	.lore =
		{
			.why = "the profile denies calls that the start has yet to make, so it "
			       "comes in between the last of them and execve. CAP_SYS_ADMIN is kept "
			       "for it; execve works out the capabilities anew and drops that",
			.without = "the container could make every system call",
			.look = "grep -E 'Seccomp|Cap' /proc/PID/status",
		},
	.run = seccomp_at_exec_run,
	.say = seccomp_at_exec_say,
};

// --- capabilities -------------------------------------------------------------------------------

static int capabilities_run(struct walk *walk, const struct step *step)
{
	return creds_grant(walk->user.uid == 0 ? step->n : 0);
}

static void capabilities_say(struct say *say, const struct plan *plan unused_,
			     const struct step *step)
{
	buf_printf(say->title, "hold %s",
		   step->n ? "just those capabilities, if the user is root, else none"
			   : "no capabilities at all");
	buf_puts(say->call, "prctl(PR_CAP_AMBIENT_CLEAR_ALL); capset()");
}

const struct op_row op_capabilities = {
	.name = "capabilities",
	.operands = "n",
	.lore =
		{
			.why = "permitted and effective become what was granted; inheritable and "
			       "ambient become empty, which nearly every engine once forgot",
			.without = "the process would keep what it had for the setup: everything",
			.look = "grep Cap /proc/PID/status",
		},
	.run = capabilities_run,
	.say = capabilities_say,
};

// --- keep-rights, capability-sets ---------------------------------------------------------------

static int keep_rights_run(struct walk *walk unused_, const struct step *step unused_)
{
	return creds_keep();
}

static void keep_rights_say(struct say *say, const struct plan *plan unused_,
			    const struct step *step unused_)
{
	buf_puts(say->title, "keep capabilities when user 0 is left");
	buf_puts(say->call, "prctl(PR_SET_KEEPCAPS, 1)");
}

const struct op_row op_keep_rights = {
	.name = "keep-rights",
	.operands = "",
	.lore =
		{
			.why = "the kernel takes all capabilities from who stops being user 0; the "
			       "bundle wants some for an ordinary user",
			.without = "there would be none left to choose from",
			.look = "grep Cap /proc/PID/status",
		},
	.run = keep_rights_run,
	.say = keep_rights_say,
};

static uint64_t mask_of(const char *hexadecimal)
{
	uint64_t mask = 0;
	str_hex(str_of(hexadecimal), &mask);
	return mask;
}

// n: permitted, m: effective; a, b: inheritable and ambient in hexadecimal digits.
static int capability_sets_run(struct walk *walk unused_, const struct step *step)
{
	return creds_set(&(struct creds_sets){
		.permitted = step->n,
		.effective = step->m,
		.inheritable = mask_of(step->a),
		.ambient = mask_of(step->b),
	});
}

static void capability_sets_say(struct say *say, const struct plan *plan unused_,
				const struct step *step)
{
	struct arena *arena = say->title->arena;
	buf_printf(say->title, "hold capabilities: permitted %s", caps_text(arena, step->n));
	buf_printf(say->title, "; effective %s", caps_text(arena, step->m));
	buf_printf(say->title, "; inheritable %s", caps_text(arena, mask_of(step->a)));
	buf_printf(say->title, "; ambient %s", caps_text(arena, mask_of(step->b)));
	buf_printf(say->call,
		   "prctl(PR_CAP_AMBIENT_CLEAR_ALL); capset(); prctl(PR_CAP_AMBIENT_RAISE), %d "
		   "times",
		   __builtin_popcountll(mask_of(step->b)));
}

const struct op_row op_capability_sets = {
	.name = "capability-sets",
	.operands = "nmab",
	.lore =
		{
			.why = "the bundle says what is in each set: permitted is what may be "
			       "switched on, effective what is, inheritable what files may pass "
			       "on, ambient what an ordinary program keeps",
			.without = "the process would keep what it had for the setup: everything",
			.look = "grep Cap /proc/PID/status",
		},
	.run = capability_sets_run,
	.say = capability_sets_say,
};

// --- workdir ------------------------------------------------------------------------------------

// The kernel's getcwd says "(unreachable)…" for a directory that lies outside of our root.
static int workdir_run(struct walk *walk unused_, const struct step *step)
{
	int root = (int)sys_call(SYS_openat, AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return root;
	int fd = path_open_in_root(root, step->a, O_PATH | O_DIRECTORY);
	sys_call(SYS_close, root);
	if (fd < 0)
		return fd;
	int result = (int)sys_call(SYS_fchdir, fd);
	sys_call(SYS_close, fd);
	TRY(result);
	char cwd[PATH_LENGTH_MAX + 16];
	TRY((int)sys_call(SYS_getcwd, cwd, sizeof(cwd)));
	return cwd[0] == '/' ? 0 : -EXDEV;
}

static void workdir_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "go to %s", step->a);
	buf_printf(say->call,
		   "openat2(\"%s\", RESOLVE_IN_ROOT|RESOLVE_NO_MAGICLINKS); fchdir(); "
		   "getcwd() must begin with \"/\"",
		   step->a);
}

const struct op_row op_workdir = {
	.name = "workdir",
	.operands = "a",
	.lore =
		{
			.why = "the workload starts there; that it lies inside is checked, since a "
			       "working directory outside was a way out of runc (CVE-2024-21626)",
			.without = "it would start in /",
			.look = "readlink /proc/PID/cwd",
		},
	.run = workdir_run,
	.say = workdir_say,
};
