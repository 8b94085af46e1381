// SPDX-License-Identifier: Apache-2.0
// mask.c - steps that hide parts of the new root, or let them only be read
//
// What covers a path is never taken from the root: a container's own /dev/null could be anything.
#include "box/steps/mount.h"

#include "base/path.h"
#include "base/sys.h"
#include "box/steps/walk.h"
#include "kern/mounts/mount.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

// --- mask ---------------------------------------------------------------------------------------

// The device that hides a file: the host's own /dev/null, after a look that it is what it seems.
static int null_device(void)
{
	int mount = mount_copy(AT_FDCWD, "/dev/null", false);
	if (mount < 0)
		return mount;
	struct stat status;
	int result = (int)sys_call(SYS_newfstatat, mount, "", &status, AT_EMPTY_PATH);
	if (result >= 0 && (!S_ISCHR(status.st_mode) || status.st_rdev != makedev(1, 3)))
		result = -ENXIO;
	if (result < 0) {
		mount_drop(mount);
		return result;
	}
	return mount;
}

// The directory that hides a directory: one empty read-only tmpfs, copied for each.
static int empty_directory(struct walk *walk)
{
	int *first = &walk->slot[SLOT_MASK];
	if (*first >= 0)
		return mount_copy(*first, "", false);
	int mount = mount_new("tmpfs", "tmpfs", "size=0,mode=755,nr_inodes=1", MOUNT_ATTR_RDONLY);
	*first = mount;
	return mount;
}

static int mask_run(struct walk *walk, const struct step *step)
{
	int target = path_open_in_root(walk->slot[SLOT_ROOT], step->a, O_PATH);
	if (target < 0)
		return target;
	int mode = mount_mode_of(target);
	int mount = mode < 0 ? mode : S_ISDIR(mode) ? empty_directory(walk) : null_device();
	int result = mount < 0 ? mount : mount_attach(mount, target);
	mount_drop(target);
	if (mount != walk->slot[SLOT_MASK])
		mount_drop(mount);
	return result;
}

static void mask_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "hide %s", step->a);
	buf_printf(say->call,
		   "openat2(\"%s\"); then move_mount() of /dev/null over a file, of an "
		   "empty read-only tmpfs over a directory; nothing to do where it is not "
		   "there",
		   step->a);
}

static void mask_script(struct buf *out, const struct plan *plan unused_, const struct step *step)
{
	buf_puts(out, "if [ -d ");
	mount_target_script(out, step->a);
	buf_puts(out, " ]; then\nmount -t tmpfs tmpfs -o ro,size=0,mode=755,nr_inodes=1 ");
	mount_target_script(out, step->a);
	buf_puts(out, "\nelif [ -e ");
	mount_target_script(out, step->a);
	buf_puts(out, " ]; then\nmount --bind /dev/null ");
	mount_target_script(out, step->a);
	buf_puts(out, "\nfi\n");
}

const struct op_row op_mask = {
	.name = "mask",
	.operands = "a",
	.lore =
		{
			.why = "parts of /proc and /sys know no namespaces: they tell of the whole "
			       "machine, or change it",
			.without = "the container could read what neighbours do, or the memory of "
				   "the host",
			.look = "ls -l the path below /proc/PID/root",
		},
	.run = mask_run,
	.say = mask_say,
	.script = mask_script,
};

// --- readonly -----------------------------------------------------------------------------------

// k says that the path is a mount already; else a bind of it over itself becomes one.
static int readonly_run(struct walk *walk, const struct step *step)
{
	int target = path_open_in_root(walk->slot[SLOT_ROOT], step->a, O_PATH);
	if (target < 0)
		return target;
	if (step->k) {
		int result = mount_set(target, MOUNT_ATTR_RDONLY, 0, false);
		mount_drop(target);
		return result;
	}
	int mount = mount_copy(target, "", true);
	int result = mount < 0 ? mount : mount_set(mount, MOUNT_ATTR_RDONLY, 0, true);
	if (result < 0) {
		mount_drop(mount);
		mount = result;
	}
	return mount_finish(mount, target);
}

static void readonly_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "make %s read-only", step->a);
	if (step->k)
		buf_printf(say->call, "mount_setattr(\"%s\", MOUNT_ATTR_RDONLY)", step->a);
	else
		buf_printf(say->call,
			   "open_tree(\"%s\", OPEN_TREE_CLONE|AT_RECURSIVE); "
			   "mount_setattr(MOUNT_ATTR_RDONLY); move_mount(\"%s\")",
			   step->a, step->a);
}

static void readonly_script(struct buf *out, const struct plan *plan unused_,
			    const struct step *step)
{
	if (step->k) {
		buf_puts(out, "mount -o remount,bind,ro ");
		mount_target_script(out, step->a);
		buf_putc(out, '\n');
		return;
	}
	buf_puts(out, "if [ -e ");
	mount_target_script(out, step->a);
	buf_puts(out, " ]; then\nmount --rbind ");
	mount_target_script(out, step->a);
	buf_putc(out, ' ');
	mount_target_script(out, step->a);
	buf_puts(out, "\nremount_all ");
	mount_target_script(out, step->a);
	buf_puts(out, " ro\nfi\n");
}

const struct op_row op_readonly = {
	.name = "readonly",
	.operands = "ak",
	.lore =
		{
			.why = "what can be read here may be useful; what can be written changes the "
			       "machine: /proc/sysrq-trigger reboots it",
			.without = "root inside could set the host's kernel parameters",
			.look = "grep the path in /proc/PID/mountinfo",
		},
	.run = readonly_run,
	.say = readonly_say,
	.script = readonly_script,
};
