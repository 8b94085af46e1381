// SPDX-License-Identifier: Apache-2.0
// mount.c - steps that fill the new root: file systems, binds, directories
//
// Every target is resolved by openat2(2) beneath the new root, to a descriptor, and what is mounted
// goes onto that descriptor: a root file system is hostile, and a link in it leads nowhere else.
// The places that tare itself fills (/proc, /sys, /dev) must be real directories of the root.
#include "box/steps/mount.h"

#include "base/path.h"
#include "base/sys.h"
#include "box/plan/mount_data.h"
#include "box/steps/walk.h"
#include "kern/mounts/copy.h"
#include "kern/mounts/mount.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

void mount_drop(int fd)
{
	if (fd >= 0)
		sys_call(SYS_close, fd);
}

int mount_finish(int mount, int target)
{
	int result = mount < 0 ? mount : target < 0 ? target : mount_attach(mount, target);
	mount_drop(target);
	mount_drop(mount);
	return result;
}

int mount_mode_of(int fd)
{
	struct stat status;
	int result = (int)sys_call(SYS_newfstatat, fd, "", &status, AT_EMPTY_PATH);
	return result < 0 ? result : (int)status.st_mode;
}

void mount_target_script(struct buf *out, const char *path)
{
	buf_puts(out, "\"$root\"");
	buf_shell(out, path);
}

// Opens the directory that is mounted over, and makes it where it is missing.
static int open_target(struct walk *walk, const struct step *step, bool *ret_made)
{
	int root = walk->slot[SLOT_ROOT];
	int fd = step->n & MOUNT_NO_LINKS ? path_open_no_links(root, step->b, O_PATH)
					  : path_open_in_root(root, step->b, O_PATH);
	*ret_made = fd == -ENOENT;
	return *ret_made ? path_make_missing(root, step->b, PATH_DIRECTORY) : fd;
}

// --- mount --------------------------------------------------------------------------------------

// mount(2) refuses a tree right over itself, and a user with the host's network finds cgroup2 where
// cgroup2 is to be. A mount that is moved there is not refused.
static bool is_moved(const struct step *step)
{
	return str_eq(step->a, "cgroup2");
}

// Fills a new file system, attached nowhere yet, with what is in the directory it will cover. Owner
// and mode of that are taken too, where none are asked for.
static int fill(int mount, int below, const struct step *step, const char *options)
{
	bool top = step->n & MOUNT_MODE_BELOW && !(options && strstr(options, "id="));
	int from = path_open_no_links(below, ".", O_RDONLY | O_DIRECTORY);
	if (from < 0)
		return from;
	int to = path_open_no_links(mount, ".", O_RDONLY | O_DIRECTORY);
	int result = to < 0 ? to : copy_tree(from, to, top);
	mount_drop(to);
	mount_drop(from);
	return result;
}

// One that begins with a copy becomes read-only only after that. Closes the target.
static int mount_filled(int target, const struct step *step, const struct mount_data *data)
{
	uint64_t attributes = step->n & (MOUNT_ATTRIBUTES | MOUNT_SUPER);
	int mount = mount_new(step->a, data->source, data->options,
			      attributes & ~(uint64_t)MOUNT_ATTR_RDONLY);
	int result = mount < 0 ? mount : fill(mount, target, step, data->options);
	if (result >= 0 && attributes & MOUNT_ATTR_RDONLY)
		result = mount_set(mount, MOUNT_ATTR_RDONLY, 0, false);
	if (result >= 0)
		return mount_finish(mount, target);
	mount_drop(mount);
	mount_drop(target);
	return result;
}

// Closes the target.
static int mount_at(int target, const struct step *step, const struct mount_data *data)
{
	uint64_t attributes = step->n & (MOUNT_ATTRIBUTES | MOUNT_SUPER);
	if (step->n & MOUNT_COPY_UP)
		return mount_filled(target, step, data);
	if (is_moved(step))
		return mount_finish(mount_new(step->a, data->source, data->options, attributes),
				    target);
	int result = mount_on(target, step->a, data->source, data->options, attributes);
	mount_drop(target);
	return result;
}

// The options, with the mode of what is covered where none is asked for.
static int complete_data(const struct step *step, int target, bool made,
			 struct mount_data *ret_data)
{
	TRY(mount_data_read(step, ret_data));
	if (!(step->n & MOUNT_MODE_BELOW))
		return 0;
	int mode = made ? 01777 : mount_mode_of(target);
	TRY(mode);
	return mount_data_add_mode(ret_data, mode);
}

// What is mounted on the target, seen anew: "ro" alone leaves the file system as it is for others.
static int remount(struct walk *walk, const struct step *step)
{
	int target = path_open_in_root(walk->slot[SLOT_ROOT], step->b, O_PATH);
	if (target < 0)
		return target;
	uint64_t attributes = step->n & (MOUNT_ATTRIBUTES | MOUNT_SUPER);
	int result = 0;
	if (!(step->n & MOUNT_ONLY_THIS) && (step->c || attributes & MOUNT_SUPER))
		result = mount_reconfigure(target, step->c, attributes);
	uint64_t clear = mount_cleared(step->n);
	if (!(attributes & MOUNT_ATTR_RDONLY))
		clear |= MOUNT_ATTR_RDONLY;
	if (result >= 0)
		result = mount_set(target, attributes & MOUNT_ATTRIBUTES, clear, false);
	mount_drop(target);
	return result;
}

// How mount events travel, of what was mounted last on the target.
static int propagate(struct walk *walk, const struct step *step)
{
	unsigned long how = step->n & MOUNT_SHARED       ? MS_SHARED
			    : step->n & MOUNT_SLAVE      ? MS_SLAVE
			    : step->n & MOUNT_UNBINDABLE ? MS_UNBINDABLE
							 : 0;
	if (!how)
		return 0;
	int target = path_open_in_root(walk->slot[SLOT_ROOT], step->b, O_PATH);
	int result = target < 0 ? target : mount_propagate(target, how, true);
	mount_drop(target);
	return result;
}

static int mount_run(struct walk *walk, const struct step *step)
{
	struct mount_data data;
	bool made;
	if (step->n & MOUNT_REMOUNT)
		return remount(walk, step);
	int target = open_target(walk, step, &made);
	if (target < 0)
		return target;
	struct step plain = *step;
	if (made)
		plain.n &= ~(uint64_t)MOUNT_COPY_UP; // there is nothing below
	int result = complete_data(step, target, made, &data);
	if (result < 0) {
		mount_drop(target);
		return result;
	}
	result = mount_at(target, &plain, &data);
	if (result >= 0)
		result = propagate(walk, step);
	if (result < 0 || !(step->n & MOUNT_KEEP_DEV))
		return result;
	result = path_open_no_links(walk->slot[SLOT_ROOT], step->b, O_PATH | O_DIRECTORY);
	walk->slot[SLOT_DEV] = result;
	return min_of(result, 0);
}

struct attribute_word {
	uint64_t flag;
	const char *word; // of mount(8)
};

static const struct attribute_word attribute_words[] = {
	{MOUNT_ATTR_RDONLY, "ro"},
	{MOUNT_ATTR_NOSUID, "nosuid"},
	{MOUNT_ATTR_NODEV, "nodev"},
	{MOUNT_ATTR_NOEXEC, "noexec"},
	{MOUNT_ATTR_NOATIME, "noatime"},
	{MOUNT_ATTR_STRICTATIME, "strictatime"},
	{MOUNT_ATTR_NODIRATIME, "nodiratime"},
	{MOUNT_ATTR_NOSYMFOLLOW, "nosymfollow"},
	{MOUNT_SYNC, "sync"},
	{MOUNT_DIRSYNC, "dirsync"},
	{MOUNT_LAZYTIME, "lazytime"},
	{MOUNT_SILENT, "silent"},
	{MOUNT_IVERSION, "iversion"},
};

void mount_words(struct buf *out, uint64_t attributes, const char *data)
{
	const char *comma = "";
	for (size_t i = 0; i < lengthof(attribute_words); i++) {
		if (!(attributes & attribute_words[i].flag))
			continue;
		buf_printf(out, "%s%s", comma, attribute_words[i].word);
		comma = ",";
	}
	if (data && *data)
		buf_printf(out, "%s%s", comma, data);
}

static const char *propagation_word(const struct step *step)
{
	return step->n & MOUNT_SHARED       ? "rshared"
	       : step->n & MOUNT_SLAVE      ? "rslave"
	       : step->n & MOUNT_UNBINDABLE ? "runbindable"
					    : NULL;
}

static void remount_say(struct say *say, const struct step *step)
{
	uint64_t attributes = step->n & (MOUNT_ATTRIBUTES | MOUNT_SUPER);
	struct buf words = buf_new(say->title->arena, MOUNT_DATA_MAX);
	mount_words(&words, attributes, step->c);
	buf_printf(say->title, "change what is mounted on %s: %s", step->b,
		   words.n ? words.p : "rw");
	buf_printf(say->call, "openat2(\"%s\"); %smount_setattr(\"%s\")", step->b,
		   step->n & MOUNT_ONLY_THIS ? "" : "fspick(); fsconfig(); ",
		   words.n ? words.p : "rw");
}

static void mount_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	if (step->n & MOUNT_REMOUNT) {
		remount_say(say, step);
		return;
	}
	struct mount_data data;
	mount_data_read(step, &data);
	buf_printf(say->title, "mount %s on %s", step->a, step->b);
	if (propagation_word(step))
		buf_printf(say->title, ", %s", propagation_word(step));
	if (is_moved(step) || step->n & MOUNT_COPY_UP)
		buf_printf(say->call, "fsopen(\"%s\"); fsmount(\"", step->a);
	else
		buf_printf(say->call, "fchdir(openat2(\"%s\")); mount(\"%s\", \".\", \"%s\", \"",
			   step->b, data.source, step->a);
	mount_words(say->call, step->n & (MOUNT_ATTRIBUTES | MOUNT_SUPER), data.options);
	buf_puts(say->call, "\")");
	if (is_moved(step) || step->n & MOUNT_COPY_UP)
		buf_printf(say->call, "; move_mount(\"%s\")", step->b);
	if (step->n & MOUNT_COPY_UP)
		buf_puts(say->call, "; what the directory below holds is copied into it first");
	if (step->n & MOUNT_MODE_BELOW)
		buf_puts(say->call, "; its mode is that of the directory it covers, 1777 where "
				    "there was none");
}

// What is covered is bound elsewhere meanwhile.
static void copy_below_script(struct buf *out, const struct step *step, const char *options)
{
	bool top = step->n & MOUNT_MODE_BELOW && !(options && strstr(options, "id="));
	buf_puts(out, top ? "cp -a \"$state\"/below/. "
			  : "find \"$state\"/below -mindepth 1 -maxdepth 1 -exec cp -a -t ");
	mount_target_script(out, step->b);
	buf_puts(out, top ? "\nchmod \"$mode\" " : " {} +\n");
	if (top) {
		mount_target_script(out, step->b);
		buf_putc(out, '\n');
	}
	buf_puts(out, "umount -n \"$state\"/below\n");
	if (!(step->n & MOUNT_ATTR_RDONLY))
		return;
	buf_puts(out, "mount -o remount,bind,ro ");
	mount_target_script(out, step->b);
	buf_putc(out, '\n');
}

static void remount_script(struct buf *out, const struct step *step)
{
	buf_printf(out, "mount -o remount%s,", step->n & MOUNT_ONLY_THIS ? ",bind" : "");
	if (!(step->n & MOUNT_ATTR_RDONLY))
		buf_puts(out, "rw,");
	mount_words(out, step->n & (MOUNT_ATTRIBUTES | MOUNT_SUPER), step->c);
	buf_putc(out, ' ');
	mount_target_script(out, step->b);
	buf_putc(out, '\n');
}

static void mount_script(struct buf *out, const struct plan *plan unused_, const struct step *step)
{
	if (step->n & MOUNT_REMOUNT) {
		remount_script(out, step);
		return;
	}
	// -n: no user can write the table that mount(8) keeps of moves.
	const char *detour = is_moved(step) ? " \"$state\"/cgroup2" : "";
	bool copy = step->n & MOUNT_COPY_UP;
	struct mount_data data;
	mount_data_read(step, &data);
	uint64_t attributes = step->n & (MOUNT_ATTRIBUTES | MOUNT_SUPER);
	if (step->n & MOUNT_MODE_BELOW) {
		buf_puts(out, "mode=$(stat -c %a ");
		mount_target_script(out, step->b);
		buf_puts(out, " 2>/dev/null || echo 1777)\n");
	}
	buf_puts(out, "mkdir -p ");
	mount_target_script(out, step->b);
	buf_printf(out, "%s%s\n", detour, copy ? " \"$state\"/below" : "");
	if (copy) {
		buf_puts(out, "mount -n --bind ");
		mount_target_script(out, step->b);
		buf_puts(out, " \"$state\"/below\n");
		attributes &= ~(uint64_t)MOUNT_ATTR_RDONLY;
	}
	buf_printf(out, "mount -t %s ", step->a);
	buf_shell(out, data.source);
	struct buf options = buf_new(out->arena, MOUNT_DATA_MAX);
	mount_words(&options, attributes, data.options);
	if (step->n & MOUNT_MODE_BELOW)
		buf_puts(&options, options.n ? ",mode=$mode" : "mode=$mode");
	if (options.n)
		buf_printf(out, " -o \"%s\"", options.p);
	if (*detour)
		buf_printf(out, "%s\nmount -n --move%s", detour, detour);
	buf_putc(out, ' ');
	mount_target_script(out, step->b);
	buf_putc(out, '\n');
	if (propagation_word(step)) {
		buf_printf(out, "mount --make-%s ", propagation_word(step));
		mount_target_script(out, step->b);
		buf_putc(out, '\n');
	}
	if (copy)
		copy_below_script(out, step, data.options);
}

// What a person should know of the file systems that every container gets.
struct place_lore {
	const char *path;
	struct lore lore;
};

static const struct place_lore place_lore[] = {
	{"/proc",
	 {"the kernel shows each process as a directory here; mounted in the new pid namespace it "
	  "shows only the container's",
	  "ps, and every program that looks at itself, would see nothing",
	  "ls /proc/PID/root/proc"}},
	{"/dev",
	 {"an empty /dev, into which only harmless devices are put",
	  "the image's own /dev would be used: empty, or full of the wrong things",
	  "ls -l /proc/PID/root/dev"}},
	{"/dev/pts",
	 {"terminals of its own: a new instance of devpts numbers them from 0",
	  "ssh, tmux and -t could open no terminal, or would see the host's",
	  "ls /proc/PID/root/dev/pts"}},
	{"/dev/shm",
	 {"shared memory objects of shm_open(3) are files in here, bounded in size",
	  "PostgreSQL, browsers and Python's multiprocessing would fail to start",
	  "df /proc/PID/root/dev/shm"}},
	{"/dev/mqueue",
	 {"message queues of mq_open(3), those of the new ipc namespace",
	  "the few programs that use them would fail", "ls /proc/PID/root/dev/mqueue"}},
	{"/sys",
	 {"the kernel's view of devices and of itself, read-only; the network part shows the new "
	  "network namespace",
	  "programs that look up CPUs or network cards would fail",
	  "ls /proc/PID/root/sys/class/net"}},
	{"/sys/fs/cgroup",
	 {"a program may read its own limits here; read-only, and beginning at its own group",
	  "Java, Go and others size themselves by these files", "ls /proc/PID/root/sys/fs/cgroup"}},
};

static const struct lore tmpfs_lore = {
	"files in memory, gone with the container",
	"what is written there would go into the root, or fail where that is read-only",
	"df /proc/PID/root and the path",
};

static const struct lore *mount_lore(const struct plan *plan unused_, const struct step *step)
{
	for (size_t i = 0; i < lengthof(place_lore); i++)
		if (str_eq(step->b, place_lore[i].path))
			return &place_lore[i].lore;
	return str_eq(step->a, "tmpfs") ? &tmpfs_lore : NULL;
}

const struct op_row op_mount = {
	.name = "mount",
	.operands = "abcn",
	.lore =
		{
			.why = "a v1 hierarchy shows the limits of one kind of resource, from the "
			       "container's own group on",
			.without = "programs that look for their limits there would find none",
			.look = "cat /proc/PID/mountinfo",
		},
	.run = mount_run,
	.say = mount_say,
	.script = mount_script,
	.lore_of = mount_lore,
};

// --- make-directory -----------------------------------------------------------------------------

static int make_directory_run(struct walk *walk, const struct step *step)
{
	int fd = path_make_in_root(walk->slot[SLOT_ROOT], step->a, PATH_DIRECTORY);
	mount_drop(fd);
	return min_of(fd, 0);
}

static void make_directory_say(struct say *say, const struct plan *plan unused_,
			       const struct step *step)
{
	buf_printf(say->title, "make the directory %s, where the root lacks it", step->a);
	buf_printf(say->call, "openat2(\"%s\"), mkdirat() for what is missing", step->a);
}

static void make_directory_script(struct buf *out, const struct plan *plan unused_,
				  const struct step *step)
{
	buf_puts(out, "mkdir -p ");
	mount_target_script(out, step->a);
	buf_putc(out, '\n');
}

const struct op_row op_make_directory = {
	.name = "make-directory",
	.operands = "a",
	.lore =
		{
			.why = "the working directory must be there; Docker makes it, so tare does",
			.without = "the workload could not start",
			.look = "readlink /proc/PID/cwd",
		},
	.run = make_directory_run,
	.say = make_directory_say,
	.script = make_directory_script,
};
