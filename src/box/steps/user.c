// SPDX-License-Identifier: Apache-2.0
// user.c - steps that find out who the user is, and become it
//
// Names are looked up in the root's own files (see passwd.c); what was found is kept in the walk.
#include "box/steps/op.h"

#include "base/sys.h"
#include "box/steps/passwd.h"
#include "box/steps/walk.h"
#include "kern/process/creds.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

// --- user ---------------------------------------------------------------------------------------

// HOST can't see the root's files, so what names there are goes along with the error.
static void tell_names(struct walk *walk, int root, const struct step *step, int error)
{
	if ((error == -ENOKEY || error == -ENODATA) && walk->why)
		passwd_names(root, step->a, error, walk->why);
}

static int user_run(struct walk *walk, const struct step *step)
{
	int root = (int)sys_call(SYS_openat, AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return root;
	int result = passwd_look_up(root, step->a, &walk->user);
	tell_names(walk, root, step, result);
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

// --- group ---------------------------------------------------------------------------------------

static int group_run(struct walk *walk, const struct step *step)
{
	int root = (int)sys_call(SYS_openat, AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return root;
	int result = passwd_add_group(root, step->a, &walk->user);
	tell_names(walk, root, step, result);
	sys_call(SYS_close, root);
	return result;
}

static void group_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "put group %s on the user's list", step->a);
	buf_puts(say->call, "openat2(\"/etc/group\"), read, where it is a name");
}

const struct op_row op_group = {
	.name = "group",
	.operands = "a",
	.lore =
		{
			.why = "--group-add: one more group, beside those the user has in the root's "
			       "own /etc/group",
			.without = "files that only this group may open stay shut",
			.look = "grep Groups /proc/PID/status",
		},
	.run = group_run,
	.say = group_say,
};

// --- streams ------------------------------------------------------------------------------------

enum { PTY_FIRST = 136, PTY_LAST = 143 }; // majors of pseudo-terminals' inner ends

static bool is_only_read(int fd)
{
	long flags = sys_call(SYS_fcntl, fd, F_GETFL);
	return flags < 0 || (flags & O_ACCMODE) == O_RDONLY;
}

// Devices keep their owner: /dev/null is the host's, and so is a terminal that was not just made. A
// file that is read is somebody's, who did not say that it may be changed.
static bool is_given(int fd, const struct stat *status, bool terminal)
{
	unsigned number = major(status->st_rdev);
	if (S_ISCHR(status->st_mode))
		return terminal && number >= PTY_FIRST && number <= PTY_LAST;
	return S_ISFIFO(status->st_mode) || (S_ISREG(status->st_mode) && !is_only_read(fd));
}

static int give(int fd, uint32_t uid, bool terminal)
{
	struct stat status;
	int result = (int)sys_call(SYS_newfstatat, fd, "", &status, AT_EMPTY_PATH);
	if (result < 0 || status.st_uid == uid || !is_given(fd, &status, terminal))
		return 0;
	result = (int)sys_call(SYS_fchown, fd, uid, -1);
	return result == -EPERM || result == -EROFS || result == -EINVAL ? 0 : result;
}

// k: whether they are a terminal of the container's own.
static int streams_run(struct walk *walk, const struct step *step)
{
	for (int fd = 0; fd <= 2; fd++)
		TRY(give(fd, walk->user.uid, step->k));
	return 0;
}

static void streams_say(struct say *say, const struct plan *plan, const struct step *step)
{
	buf_printf(say->title, "give user %s %s", plan->spec->user ? plan->spec->user : "0",
		   step->k ? "the terminal"
			   : "standard input and outputs, where they are pipes or files");
	buf_puts(say->call, "fstat(0); fchown(0, UID, -1); and for 1 and 2");
}

const struct op_row op_streams = {
	.name = "streams",
	.operands = "k",
	.lore =
		{
			.why = "who opens /dev/stdout opens the pipe or file behind it anew, and is "
			       "asked for a right to it: loggers of ordinary users do so",
			.without = "\"echo x >/dev/stdout\" would fail: Permission denied",
			.look = "ls -lL /proc/PID/fd",
		},
	.run = streams_run,
	.say = streams_say,
};

// --- ids ----------------------------------------------------------------------------------------

// k: IDS_….
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
