// SPDX-License-Identifier: Apache-2.0
// dev.c - steps that fill /dev, and the terminal
#include "box/steps/mount.h"

#include "base/path.h"
#include "base/sys.h"
#include "box/steps/walk.h"
#include "kern/mounts/mount.h"
#include "kern/process/pty.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

// The parent directory of a path like "/dev/net/tun", made where it is missing, until drop_parent.
// *ret_name is the last part.
static int open_parent(struct walk *walk, const char *path, const char **ret_name)
{
	char directory[PATH_LENGTH_MAX];
	const char *slash = strrchr(path, '/');
	size_t n = (size_t)(slash - path);
	if (n >= sizeof(directory))
		return -ENAMETOOLONG;
	memcpy(directory, path, n);
	directory[n] = '\0';
	*ret_name = slash + 1;
	if (str_eq(directory, "/dev") && walk->slot[SLOT_DEV] >= 0)
		return walk->slot[SLOT_DEV];
	return path_make_in_root(walk->slot[SLOT_ROOT], directory, PATH_DIRECTORY);
}

static void drop_parent(const struct walk *walk, int parent)
{
	if (parent != walk->slot[SLOT_DEV])
		sys_call(SYS_close, parent);
}

// --- node ---------------------------------------------------------------------------------------

// A bundle's root may have it already. What else is there stays, and is an error: programs would
// take it for the device.
static int check_node(int parent, const char *name, const struct step *step)
{
	struct stat is;
	TRY((int)sys_call(SYS_newfstatat, parent, name, &is, AT_SYMLINK_NOFOLLOW));
	bool same = (is.st_mode & S_IFMT) == ((unsigned)step->k & S_IFMT) &&
		    (S_ISFIFO(is.st_mode) || is.st_rdev == step->n);
	return same ? 0 : -EEXIST;
}

// a: path, k: type and mode, n: device number, m: owner and group.
static int node_run(struct walk *walk, const struct step *step)
{
	const char *name;
	int parent = open_parent(walk, step->a, &name);
	if (parent < 0)
		return parent;
	int result = (int)sys_call(SYS_mknodat, parent, name, step->k, (unsigned)step->n);
	if (result == -EEXIST && walk->plan->spec->exact)
		result = check_node(parent, name, step);
	else if (result >= 0 && step->m)
		result = (int)sys_call(SYS_fchownat, parent, name, (uint32_t)(step->m >> 32),
				       (uint32_t)step->m, AT_SYMLINK_NOFOLLOW);
	drop_parent(walk, parent);
	return result;
}

static char type_letter(int mode)
{
	return S_ISBLK(mode) ? 'b' : S_ISFIFO(mode) ? 'p' : 'c';
}

static void node_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "make the device %s (%c %u:%u)", step->a, type_letter(step->k),
		   major(step->n), minor(step->n));
	buf_printf(say->call, "mknodat(\"%s\", 0%o, makedev(%u, %u))", step->a,
		   (unsigned)step->k & 07777, major(step->n), minor(step->n));
}

static void node_script(struct buf *out, const struct plan *plan unused_, const struct step *step)
{
	if (strchr(step->a + strlen("/dev/"), '/')) {
		buf_puts(out, "mkdir -p \"$(dirname ");
		mount_target_script(out, step->a);
		buf_puts(out, ")\"\n");
	}
	buf_printf(out, "mknod -m %o ", (unsigned)step->k & 07777);
	mount_target_script(out, step->a);
	buf_printf(out, " %c", type_letter(step->k));
	if (!S_ISFIFO(step->k))
		buf_printf(out, " %u %u", major(step->n), minor(step->n));
	buf_putc(out, '\n');
	if (!step->m)
		return;
	buf_printf(out, "chown %u:%u ", (uint32_t)(step->m >> 32), (uint32_t)step->m);
	mount_target_script(out, step->a);
	buf_putc(out, '\n');
}

const struct op_row op_node = {
	.name = "node",
	.operands = "aknm",
	.lore =
		{
			.why = "programs expect a few devices everywhere; these can do no harm",
			.without = "even a shell's >/dev/null would fail",
			.look = "ls -l /proc/PID/root/dev",
		},
	.run = node_run,
	.say = node_say,
	.script = node_script,
};

// --- node-bind ----------------------------------------------------------------------------------

static int node_bind_run(struct walk *walk, const struct step *step)
{
	int mount = mount_copy(AT_FDCWD, step->a, false);
	if (mount < 0)
		return mount;
	int result = mount_set(mount, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, 0, false);
	int mode = result < 0 ? result : mount_mode_of(mount);
	int target = mode < 0        ? mode
		     : S_ISDIR(mode) ? -EISDIR
				     : path_make_in_root(walk->slot[SLOT_ROOT], step->b, PATH_FILE);
	return mount_finish(mount, target);
}

static void node_bind_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "borrow the host's %s", step->a);
	if (!str_eq(step->a, step->b))
		buf_printf(say->title, " as %s", step->b);
	buf_printf(say->call,
		   "open_tree(\"%s\", OPEN_TREE_CLONE); mount_setattr(\"nosuid,noexec\"); "
		   "move_mount(\"%s\")",
		   step->a, step->b);
}

static void node_bind_script(struct buf *out, const struct plan *plan unused_,
			     const struct step *step)
{
	mount_file_script(out, step->b);
	buf_puts(out, "mount --bind ");
	buf_shell(out, step->a);
	buf_putc(out, ' ');
	mount_target_script(out, step->b);
	buf_puts(out, "\nmount -o remount,bind,nosuid,noexec ");
	mount_target_script(out, step->b);
	buf_putc(out, '\n');
}

const struct op_row op_node_bind = {
	.name = "node-bind",
	.operands = "ab",
	.lore =
		{
			.why = "only the host's root may make devices; an ordinary user binds the "
			       "host's instead, with the host's permissions",
			.without = "even a shell's >/dev/null would fail",
			.look = "grep /dev/ /proc/PID/mountinfo",
		},
	.run = node_bind_run,
	.say = node_bind_say,
	.script = node_bind_script,
};

// --- link ---------------------------------------------------------------------------------------

static int link_run(struct walk *walk, const struct step *step)
{
	const char *name;
	int parent = open_parent(walk, step->b, &name);
	if (parent < 0)
		return parent;
	int result = (int)sys_call(SYS_symlinkat, step->a, parent, name);
	drop_parent(walk, parent);
	return result;
}

static void link_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "link %s to %s", step->b, step->a);
	buf_printf(say->call, "symlinkat(\"%s\", \"%s\")", step->a, step->b);
}

static void link_script(struct buf *out, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(out, "ln -s %s \"$root\"%s\n", step->a, step->b);
}

const struct op_row op_link = {
	.name = "link",
	.operands = "ab",
	.lore =
		{
			.why = "shells write >/dev/stderr and <(…): those names are links to a "
			       "process's own descriptors",
			.without = "scripts that use them would fail",
			.look = "ls -l /proc/PID/root/dev",
		},
	.run = link_run,
	.say = link_say,
	.script = link_script,
};

// --- terminal -----------------------------------------------------------------------------------

static int bind_console(struct walk *walk, int terminal)
{
	const char *name;
	int dev = open_parent(walk, "/dev/console", &name);
	if (dev < 0)
		return dev;
	int made = (int)sys_call(SYS_openat, dev, name,
				 O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600);
	mount_drop(made);
	int result = made < 0 && made != -EEXIST
			     ? made
			     : mount_finish(mount_copy(terminal, "", false),
					    path_open_no_links(dev, name, O_PATH));
	drop_parent(walk, dev);
	return result;
}

// n: height, m: width; both 0: not asked for. k: lines end as they were written.
static int terminal_run(struct walk *walk, const struct step *step)
{
	int devpts = path_open_no_links(walk->slot[SLOT_ROOT], "/dev/pts", O_RDONLY | O_DIRECTORY);
	if (devpts < 0)
		return devpts;
	int terminal;
	int result = pty_open(devpts, &walk->slot[SLOT_MASTER], &terminal);
	sys_call(SYS_close, devpts);
	TRY(result);
	TRY(bind_console(walk, terminal));
	pty_set_size(terminal, (unsigned)step->n, (unsigned)step->m);
	if (step->k)
		pty_leave_lines(terminal);
	return pty_take(terminal);
}

static void terminal_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_puts(say->title, "make a terminal, and its inner end standard input and output");
	if (step->n || step->m)
		buf_printf(say->title, ", of %llu lines and %llu columns",
			   (unsigned long long)step->n, (unsigned long long)step->m);
	if (step->k)
		buf_puts(say->title, ", whose lines end as they were written");
	buf_puts(say->call,
		 "open(\"/dev/pts/ptmx\"); ioctl(TIOCGPTPEER); ioctl(TIOCSCTTY); dup2(0, 1, "
		 "2); bind on /dev/console; the outer end goes to tare as a descriptor");
}

static void terminal_script(struct buf *out, const struct plan *plan unused_,
			    const struct step *step unused_)
{
	buf_puts(out,
		 "# (the script's own terminal is used: run it under script(1) for a new one)\n");
}

const struct op_row op_terminal = {
	.name = "terminal",
	.operands = "nmk",
	.lore =
		{
			.why = "-t: a pair of ends; what is written to one is read from the other, "
			       "with the line editing, ^C and size of a terminal in between. The "
			       "caller's own terminal never enters the container",
			.without = "a program in the container could push input into the caller's "
				   "shell",
			.look = "ls -l /proc/PID/fd",
		},
	.run = terminal_run,
	.say = terminal_say,
	.script = terminal_script,
};
