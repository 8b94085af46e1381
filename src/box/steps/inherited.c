// SPDX-License-Identifier: Apache-2.0
// inherited.c - steps on what a process inherits and hands on
//
// Limits, keys, descriptors, a few numbers: a process has them from its parent, and without these
// steps they would be those of whoever called tare.
#include "box/steps/op.h"

#include "base/path.h"
#include "base/sys.h"
#include "box/steps/walk.h"
#include "kern/process/keyring.h"
#include "kern/process/lsm.h"
#include "kern/process/personality.h"
#include "kern/namespaces/procfs.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

// --- oom score -----------------------------------------------------------------------------------

// a: the number. The kernel lets everybody raise it.
static int oom_score_run(struct walk *walk unused_, const struct step *step)
{
	return procfs_write_self("oom_score_adj", step->a);
}

static void oom_score_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "add %s thousandths to what makes this a victim when memory is out",
		   step->a);
	buf_printf(say->call,
		   "openat2(\"/proc\", \"PID/oom_score_adj\", RESOLVE_BENEATH|RESOLVE_NO_XDEV|"
		   "RESOLVE_NO_SYMLINKS); write(\"%s\")",
		   step->a);
}

static void oom_score_script(struct buf *out, const struct plan *plan unused_,
			     const struct step *step)
{
	buf_printf(out, "echo %s >/proc/self/oom_score_adj\n", step->a);
}

const struct op_row op_oom_score = {
	.name = "oom-score",
	.operands = "a",
	.lore =
		{
			.why = "--oom-score-adj: when memory runs out the kernel ends the process "
			       "with the highest score; -1000 is never, 1000 is first",
			.without = "the container would have its caller's",
			.look = "cat /proc/PID/oom_score_adj",
		},
	.run = oom_score_run,
	.say = oom_score_say,
	.script = oom_score_script,
};

// --- label --------------------------------------------------------------------------------------

// a: module, b: label.
static int label_run(struct walk *walk unused_, const struct step *step)
{
	return lsm_label_exec(step->a, step->b);
}

static bool is_apparmor(const struct step *step)
{
	return str_eq(step->a, "apparmor");
}

static void label_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "run the program under %s '%s'",
		   is_apparmor(step) ? "AppArmor's profile" : "SELinux's context", step->b);
	buf_printf(say->call,
		   "openat2(\"/proc\", \"PID/attr/%sexec\", RESOLVE_BENEATH|RESOLVE_NO_XDEV|"
		   "RESOLVE_NO_SYMLINKS); write(\"%s%s\")",
		   is_apparmor(step) ? "apparmor/" : "", is_apparmor(step) ? "exec " : "", step->b);
}

// It would be the label of whatever the shell executes next.
static void label_script(struct buf *out, const struct plan *plan unused_,
			 const struct step *step unused_)
{
	buf_puts(out, "echo 'a shell cannot pass a label on to the last program alone' >&2\n"
		      "exit 1\n");
}

static const struct lore selinux_lore = {
	"process.selinuxLabel: SELinux judges each access by the contexts of who asks and of what is "
	"asked for; a container's may touch its own files alone",
	"the container would have its caller's context",
	"ps -Zp PID",
};

static const struct lore *label_lore(const struct plan *plan unused_, const struct step *step)
{
	return is_apparmor(step) ? NULL : &selinux_lore;
}

const struct op_row op_label = {
	.name = "label",
	.operands = "ab",
	.lore =
		{
			.why = "process.apparmorProfile: AppArmor keeps a program to the files and "
			       "rights that a profile lists, whoever it runs as",
			.without = "the container would be as free as its caller",
			.look = "cat /proc/PID/attr/apparmor/current",
		},
	.run = label_run,
	.say = label_say,
	.script = label_script,
	.lore_of = label_lore,
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

// --- personality ---------------------------------------------------------------------------------

// a: in words; n: in bits.
static int personality_run(struct walk *walk unused_, const struct step *step)
{
	return personality_set((uint32_t)step->n);
}

static void personality_say(struct say *say, const struct plan *plan unused_,
			    const struct step *step)
{
	buf_printf(say->title, "show the program the kernel as %s", step->a);
	buf_printf(say->call, "personality(0x%llx)", (unsigned long long)step->n);
}

const struct op_row op_personality = {
	.name = "personality",
	.operands = "an",
	.lore =
		{
			.why = "--personality: programs ask the kernel what it is; LINUX32 answers "
			       "as a 32-bit one. The filter forbids most of it, so it is set before",
			.without = "a 32-bit build would take the machine for a 64-bit one",
			.look = "cat /proc/PID/personality",
		},
	.run = personality_run,
	.say = personality_say,
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

// The root's own /dev/null may be anything: it is asked whether it is the null device.
static int take_null(const struct walk *walk, int stream)
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
		result = (int)sys_call(SYS_dup3, fd, stream, 0);
	sys_call(SYS_close, fd);
	return min_of(result, 0);
}

static int stdin_null_run(struct walk *walk, const struct step *step unused_)
{
	return take_null(walk, 0);
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

// --- output null --------------------------------------------------------------------------------

// k: 1, standard output, or 2, standard error.
static int output_null_run(struct walk *walk, const struct step *step)
{
	return take_null(walk, step->k);
}

static void output_null_say(struct say *say, const struct plan *plan unused_,
			    const struct step *step)
{
	buf_printf(say->title, "take /dev/null as standard %s", step->k == 1 ? "output" : "error");
	buf_printf(say->call, "open(\"/dev/null\"); dup3(…, %d)", step->k);
}

static void output_null_script(struct buf *out, const struct plan *plan unused_,
			       const struct step *step)
{
	buf_printf(out, "exec %d<>\"$root\"/dev/null\n", step->k);
}

const struct op_row op_output_null = {
	.name = "output-null",
	.operands = "k",
	.lore =
		{
			.why = "--attach names the streams that are ours; this is none of them",
			.without = "what it writes would be mixed with what was asked for",
			.look = "readlink /proc/PID/fd/1 /proc/PID/fd/2",
		},
	.run = output_null_run,
	.say = output_null_say,
	.script = output_null_script,
};

// --- descriptors --------------------------------------------------------------------------------

// k: how many, from 3 on; a: which above these. The last step closes the others.
static int descriptors_run(struct walk *walk, const struct step *step)
{
	walk->descriptors = (uint32_t)step->k;
	walk->descriptors_more = step->a;
	return 0;
}

static void descriptors_say(struct say *say, const struct plan *plan unused_,
			    const struct step *step)
{
	buf_puts(say->title, "let the caller's descriptors ");
	if (step->k)
		buf_printf(say->title, "3 to %d%s", step->k + 2, step->a ? " and " : "");
	buf_printf(say->title, "%s go along", step->a ? step->a : "");
	buf_printf(say->call, "close_range(%d, …, CLOSE_RANGE_CLOEXEC)%s, right before execve",
		   step->k + 3, step->a ? " between them" : "");
}

const struct op_row op_descriptors = {
	.name = "descriptors",
	.operands = "ka",
	.lore =
		{
			.why = "--preserve-fds, --preserve-fd: a listening socket, say, that the program takes "
			       "over. An open directory of the host's is a way out to the host",
			.without = "every descriptor above 2 is closed",
			.look = "ls -l /proc/PID/fd",
		},
	.run = descriptors_run,
	.say = descriptors_say,
};

// --- umask ---------------------------------------------------------------------------------------

// k: the mask. What tare makes for the container has the modes it says; so the mask is set by the
// last step, exec.
static int umask_run(struct walk *walk, const struct step *step)
{
	walk->umask = (uint32_t)step->k;
	return 0;
}

static void umask_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "let new files lack the mode bits %04o", (unsigned)step->k);
	buf_printf(say->call, "umask(%04o), right before execve", (unsigned)step->k);
}

const struct op_row op_umask = {
	.name = "umask",
	.operands = "k",
	.lore =
		{
			.why = "--umask: which mode bits a process takes away from every file it "
			       "makes",
			.without = "it would be 0022: nobody else may write",
			.look = "grep Umask /proc/PID/status",
		},
	.run = umask_run,
	.say = umask_say,
};
