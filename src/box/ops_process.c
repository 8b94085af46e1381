// SPDX-License-Identifier: Apache-2.0
// ops_process.c - steps that take rights away from the process itself
//
// They come last and in an order the kernel forces: the bounding set while CAP_SETPCAP is there,
// the filter while CAP_SYS_ADMIN is there (without no_new_privs; with it, right before exec), then
// groups and ids, then what is left of the capabilities.
#include "box/op.h"

#include "base/path.h"
#include "base/sys.h"
#include "box/passwd.h"
#include "box/walk.h"
#include "kern/caps.h"
#include "kern/creds.h"
#include "kern/keyring.h"
#include "kern/netlink.h"
#include "kern/rlimit.h"
#include "kern/seccomp.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

// --- loopback -----------------------------------------------------------------------------------

static int loopback_run(struct walk *walk unused_, const struct step *step unused_)
{
	return netlink_loopback_up();
}

static void loopback_say(struct say *say, const struct plan *plan unused_,
			 const struct step *step unused_)
{
	buf_puts(say->title, "switch the loopback interface on");
	buf_puts(say->call, "ioctl(socket, SIOCSIFFLAGS, \"lo\", IFF_UP)");
}

const struct op_row op_loopback = {
	.name = "loopback",
	.operands = "",
	.lore =
		{
			.why = "a new network namespace has one interface, \"lo\", and it is down",
			.without = "127.0.0.1 would be unreachable, also for the container itself",
			.look = "nsenter -t PID -n ip addr",
		},
	.run = loopback_run,
	.say = loopback_say,
};

// --- hostname -----------------------------------------------------------------------------------

static int hostname_run(struct walk *walk unused_, const struct step *step)
{
	return (int)sys_call(SYS_sethostname, step->a, strlen(step->a));
}

static void hostname_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "call this machine %s", step->a);
	buf_printf(say->call, "sethostname(\"%s\")", step->a);
}

const struct op_row op_hostname = {
	.name = "hostname",
	.operands = "a",
	.lore =
		{
			.why = "the uts namespace holds the host's name; a container has its own",
			.without = "its logs would be signed with the host's name",
			.look = "nsenter -t PID -u hostname",
		},
	.run = hostname_run,
	.say = hostname_say,
};

// --- rlimit -------------------------------------------------------------------------------------

static int rlimit_run(struct walk *walk unused_, const struct step *step)
{
	struct rlimit64 limit = {step->n, step->m};
	return (int)sys_call(SYS_prlimit64, 0, step->k, &limit, NULL);
}

static void add_limit(struct buf *out, uint64_t value)
{
	if (value == UINT64_MAX)
		buf_puts(out, "unlimited");
	else
		buf_printf(out, "%llu", (unsigned long long)value);
}

static void rlimit_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "limit %s to ", step->a);
	add_limit(say->title, step->n);
	buf_printf(say->call, "prlimit64(0, %s, {", step->a);
	add_limit(say->call, step->n);
	buf_puts(say->call, ", ");
	add_limit(say->call, step->m);
	buf_puts(say->call, "})");
}

const struct op_row op_rlimit = {
	.name = "rlimit",
	.operands = "aknm",
	.lore =
		{
			.why = "--ulimit: a limit of each process by itself, where a cgroup's is of "
			       "all together",
			.without = "the limits of whoever started tare would hold",
			.look = "cat /proc/PID/limits",
		},
	.run = rlimit_run,
	.say = rlimit_say,
};

// --- keyring ------------------------------------------------------------------------------------

static int keyring_run(struct walk *walk unused_, const struct step *step)
{
	return keyring_join(step->a);
}

static void keyring_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_puts(say->title, "begin a new session keyring");
	buf_printf(say->call, "keyctl(KEYCTL_JOIN_SESSION_KEYRING, \"%s\")", step->a);
}

const struct op_row op_keyring = {
	.name = "keyring",
	.operands = "a",
	.lore =
		{
			.why = "the kernel keeps keys for a session, and no namespace parts them",
			.without = "two containers with the same user id would share keys, and see "
				   "the caller's",
			.look = "grep tare /proc/keys",
		},
	.run = keyring_run,
	.say = keyring_say,
};

// --- stdin-null ---------------------------------------------------------------------------------

static int stdin_null_run(struct walk *walk, const struct step *step unused_)
{
	int dev = walk->slot[SLOT_DEV];
	int fd = dev >= 0 ? path_open_no_links(dev, "null", O_RDWR)
			  : (int)sys_call(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return fd;
	struct stat status;
	int result = (int)sys_call(SYS_newfstatat, fd, "", &status, AT_EMPTY_PATH);
	if (result >= 0 && (!S_ISCHR(status.st_mode) || status.st_rdev != makedev(1, 3)))
		result = -ENXIO;
	if (result >= 0)
		result = (int)sys_call(SYS_dup3, fd, 0, 0);
	sys_call(SYS_close, fd);
	return min_of(result, 0);
}

static void stdin_null_say(struct say *say, const struct plan *plan unused_,
			   const struct step *step unused_)
{
	buf_puts(say->title, "take /dev/null as standard input");
	buf_puts(say->call, "open(\"/dev/null\"); dup3(…, 0)");
}

static void stdin_null_script(struct buf *out, const struct plan *plan unused_,
			      const struct step *step unused_)
{
	buf_puts(out, "exec <>\"$root\"/dev/null\n");
}

const struct op_row op_stdin_null = {
	.name = "stdin-null",
	.operands = "",
	.lore =
		{
			.why = "without -i a container does not read what you type",
			.without = "it would take input that was meant for the shell",
			.look = "readlink /proc/PID/fd/0",
		},
	.run = stdin_null_run,
	.say = stdin_null_say,
	.script = stdin_null_script,
};

// --- user ---------------------------------------------------------------------------------------

static int user_run(struct walk *walk, const struct step *step)
{
	int root = (int)sys_call(SYS_openat, AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return root;
	int result = passwd_look_up(root, step->a, &walk->user);
	sys_call(SYS_close, root);
	return result;
}

static void user_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "look up user %s in the root: number, groups, home",
		   step->a ? step->a : "0");
	buf_puts(say->call, "openat2(\"/etc/passwd\"), read; openat2(\"/etc/group\"), read");
}

const struct op_row op_user = {
	.name = "user",
	.operands = "a",
	.lore =
		{
			.why = "names of users are a matter of the root's own files; the kernel "
			       "knows numbers only",
			.without = "\"-u app\" could mean somebody else, or nobody",
			.look = "cat /proc/PID/root/etc/passwd",
		},
	.run = user_run,
	.say = user_say,
};

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

// a: the filter as text (plan_seccomp.h); k: the flags.
static int seccomp_profile_run(struct walk *walk, const struct step *step)
{
	return (int)seccomp_install(walk->plan->filter, walk->plan->filter_n, (unsigned)step->k);
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

// --- ids ----------------------------------------------------------------------------------------

// k: a single id is mapped, and groups can't be set.
static int ids_run(struct walk *walk, const struct step *step)
{
	const struct walk_user *user = &walk->user;
	return creds_become(user->uid, user->gid, step->k ? NULL : user->groups, user->groups_n);
}

static void ids_say(struct say *say, const struct plan *plan, const struct step *step)
{
	buf_printf(say->title, "become user %s", plan->spec->user ? plan->spec->user : "0, root");
	buf_printf(say->call, "%ssetresgid(); setresuid()", step->k ? "" : "setgroups(); ");
}

const struct op_row op_ids = {
	.name = "ids",
	.operands = "k",
	.lore =
		{
			.why = "user, group and every supplementary group are set, so that none of "
			       "the caller's stays",
			.without =
				"the container would read files that only the caller's groups may",
			.look = "grep -E 'Uid|Gid|Groups' /proc/PID/status",
		},
	.run = ids_run,
	.say = ids_say,
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
