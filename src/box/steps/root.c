// SPDX-License-Identifier: Apache-2.0
// root.c - steps that put a root file system together and move into it
#include "box/steps/op.h"

#include "base/path.h"
#include "base/sys.h"
#include "box/steps/outside.h"
#include "box/steps/walk.h"
#include "kern/mounts/mount.h"
#include "kern/mounts/overlay.h"

#include <fcntl.h>
#include <sys/mount.h>

enum { LAYERS_FEW = 2 }; // whose names fit into the options of any mount(8)

// --- private ------------------------------------------------------------------------------------

static int private_run(struct walk *walk unused_, const struct step *step unused_)
{
	return mount_make_all_private();
}

static void private_say(struct say *say, const struct plan *plan unused_,
			const struct step *step unused_)
{
	buf_puts(say->title, "keep mounts to ourselves");
	buf_puts(say->call, "mount(NULL, \"/\", NULL, MS_REC|MS_PRIVATE)");
}

// Sources that mount events are to reach are left out: mount(8) copies them only later. Mounts on
// the way to one are made private one by one, those on the way to none with all below them: some
// that lie deep have no name of their own. What stays shared must not hold the new root, or its
// mounts would show up on the host.
static void private_but_for(struct buf *out, const struct plan *plan)
{
	buf_puts(out, "private_but() {\ndone=-\n"
		      "findmnt -rno TARGET | while read -r mount; do\n"
		      "mount=$(printf %b \"$mount\")\nhow=rprivate\n"
		      "case $mount in\n\"$done\"/*) continue ;;\nesac\n"
		      "for source; do\n"
		      "case $source/ in\n\"${mount%/}\"/*) how=private ;;\nesac\n"
		      "done\n"
		      "for source; do\n"
		      "case $mount in\n\"$source\" | \"${source%/}\"/*) how=kept ;;\nesac\n"
		      "done\n"
		      "[ $how = kept ] || mount \"--make-$how\" \"$mount\"\n"
		      "[ $how != rprivate ] || done=$mount\n"
		      "done\n}\nprivate_but");
	for (size_t i = 0; i < plan->steps_n; i++) {
		const struct step *step = &plan->steps[i];
		if (step->op != OP_KEEP_SOURCE)
			continue;
		buf_puts(out, " \"$(findmnt -no TARGET -T ");
		buf_shell(out, step->a);
		buf_puts(out, ")\"");
	}
	buf_puts(out, "\ncase $(findmnt -no PROPAGATION -T \"$root\") in\n"
		      "*shared*) echo \"$root must not lie on what is shared\" >&2\n"
		      "exit 1 ;;\nesac\n");
}

static void private_script(struct buf *out, const struct plan *plan,
			   const struct step *step unused_)
{
	if (plan_keeps_source(plan))
		private_but_for(out, plan);
	else
		buf_puts(out, "mount --make-rprivate /\n");
}

const struct op_row op_private = {
	.name = "private",
	.operands = "",
	.lore =
		{
			.why = "systemd marks the host's mounts \"shared\": what is mounted in one "
			       "namespace appears in the others",
			.without = "the container's mounts would show up on the host, over the "
				   "host's own files",
			.look = "grep -c shared: /proc/PID/mountinfo",
		},
	.run = private_run,
	.say = private_say,
	.script = private_script,
};

// --- root-bind, root-overlay --------------------------------------------------------------------

// Places the root's mount at the mount point, unless that is left to INIT, and remembers it.
static int place_root(struct walk *walk, int mount, const char *point)
{
	walk->slot[SLOT_ROOT] = mount;
	if (walk->self == ACTOR_MID)
		return 0;
	int target = (int)sys_call(SYS_openat, AT_FDCWD, point,
				   O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (target < 0)
		return target;
	int result = mount_attach(mount, target);
	sys_call(SYS_close, target);
	return result;
}

// With --read-only, what is mounted below the root's directory becomes read-only too, at once; the
// root itself only at the end, as mount points may have to be made in it.
static int root_bind_run(struct walk *walk, const struct step *step)
{
	int mount = step->n ? walk->kept[step->n - 1] : mount_copy(AT_FDCWD, step->a, true);
	if (mount < 0)
		return mount;
	if (step->n)
		TRY(mount_propagate(mount, MS_SLAVE, true));
	if (step->k & ROOT_BIND_MAPPED)
		TRY(mount_idmap(mount, walk->slot[SLOT_IDS], false));
	if (step->k & ROOT_BIND_READONLY) {
		TRY(mount_set(mount, MOUNT_ATTR_RDONLY, 0, true));
		TRY(mount_set(mount, 0, MOUNT_ATTR_RDONLY, false));
	}
	return place_root(walk, mount, step->b);
}

static const char mapped_call[] = "; mount_setattr(MOUNT_ATTR_IDMAP)";

static void root_bind_say(struct say *say, const struct plan *plan, const struct step *step)
{
	bool mapped = step->k & ROOT_BIND_MAPPED;
	buf_printf(say->title, "take the directory %s as the root%s%s", step->a,
		   mapped ? ", its files as the container's own users'"
		   : plan->maps.uid_n && !plan->facts->uid
			   ? "; its files belong to whom they belong on the host"
			   : "",
		   step->n ? "; what the host mounts below it appears" : "");
	if (step->n)
		buf_puts(say->call, "the copy taken before; mount_setattr(MS_SLAVE)");
	else
		buf_printf(say->call, "open_tree(\"%s\", OPEN_TREE_CLONE|AT_RECURSIVE)", step->a);
	buf_puts(say->call, mapped ? mapped_call : "");
	if (!plan->outside)
		buf_printf(say->call, "; move_mount(\"%s\")", step->b);
}

static void root_bind_script(struct buf *out, const struct plan *plan unused_,
			     const struct step *step)
{
	buf_puts(out, "mount --rbind ");
	buf_shell(out, step->a);
	buf_puts(out, " \"$root\"\n");
	if (step->n)
		buf_puts(out, "mount --make-rslave \"$root\"\n");
	if (step->k & ROOT_BIND_READONLY)
		buf_puts(out, "remount_all \"$root\" ro\n"
			      "mount -o remount,bind,rw \"$root\"\n");
}

const struct op_row op_root_bind = {
	.name = "root-bind",
	.operands = "abkn",
	.lore =
		{
			.why = "a root must be a mount of its own before one can move into it; a "
			       "bind mount makes a directory one. What the container writes stays "
			       "in the directory",
			.without = "pivot_root(2) refuses a plain directory",
			.look = "ls /proc/PID/root/",
		},
	.run = root_bind_run,
	.say = root_bind_say,
	.script = root_bind_script,
};

static int root_overlay_run(struct walk *walk, const struct step *step)
{
	const struct box_spec *spec = walk->plan->spec;
	struct overlay overlay = {
		.layers = spec->layers.item,
		.layers_n = spec->layers.n,
		.upper = step->a,
		.work = step->b,
		.user = step->n & ROOT_OVERLAY_USER,
		.fleeting = step->n & ROOT_OVERLAY_FLEETING,
		.point = step->c,
		.ids = step->n & ROOT_OVERLAY_MAPPED ? walk->slot[SLOT_IDS] : -1,
	};
	if (walk->self == ACTOR_MID)
		TRY(outside_own_upper(walk, overlay.layers[0], overlay.upper,
				      step->n & ROOT_OVERLAY_MAPPED));
	int mount = overlay_new(&overlay);
	return mount < 0 ? mount : place_root(walk, mount, step->c);
}

static void say_other_options(struct buf *out, const struct step *step)
{
	buf_printf(out, ",upperdir=%s,workdir=%s", step->a, step->b);
	if (step->n & ROOT_OVERLAY_USER)
		buf_puts(out, ",userxattr");
	if (step->n & ROOT_OVERLAY_FLEETING)
		buf_puts(out, ",volatile");
}

static void say_overlay_options(struct buf *out, const struct plan *plan, const struct step *step)
{
	for (size_t i = 0; i < plan->spec->layers.n; i++)
		buf_printf(out, "%s%s", i ? ":" : "lowerdir=", plan->spec->layers.item[i]);
	say_other_options(out, step);
}

static void root_overlay_say(struct say *say, const struct plan *plan, const struct step *step)
{
	size_t n = plan->spec->layers.n;
	buf_printf(say->title, "lay a directory for changes over %zu layer%s that %s only read", n,
		   n == 1 ? "" : "s", n == 1 ? "is" : "are");
	if (step->n & ROOT_OVERLAY_MAPPED) {
		buf_puts(say->title, ", and seen through the container's id maps");
		buf_puts(say->call, "of each layer: open_tree(OPEN_TREE_CLONE)");
		buf_printf(say->call, "%s; ", mapped_call);
	}
	buf_puts(say->call, "fsopen(\"overlay\"); fsconfig(\"");
	say_overlay_options(say->call, plan, step);
	buf_puts(say->call, "\"); fsmount()");
	if (!plan->outside)
		buf_printf(say->call, "; move_mount(\"%s\")", step->c);
}

// mount(2) takes a page of options, and newer mount(8) fewer at a time: many layers get short
// names.
static void many_layers_script(struct buf *out, const struct plan *plan, const struct step *step)
{
	const struct oci_strings *layers = &plan->spec->layers;
	buf_puts(out, "mkdir \"$state/l\"\n");
	for (size_t i = 0; i < layers->n; i++) {
		buf_puts(out, "ln -s ");
		buf_shell(out, layers->item[i]);
		buf_printf(out, " \"$state/l/%zu\"\n", i);
	}
	buf_puts(out,
		 "(\ncd \"$state/l\"\nLIBMOUNT_FORCE_MOUNT2=always mount -t overlay overlay -o '");
	for (size_t i = 0; i < layers->n; i++)
		buf_printf(out, "%s%zu", i ? ":" : "lowerdir=", i);
	say_other_options(out, step);
	buf_puts(out, "' \"$root\"\n)\n");
}

static void root_overlay_script(struct buf *out, const struct plan *plan, const struct step *step)
{
	if (plan->spec->layers.n > LAYERS_FEW) {
		many_layers_script(out, plan, step);
		return;
	}
	buf_puts(out, "mount -t overlay overlay -o '");
	say_overlay_options(out, plan, step);
	buf_puts(out, "' \"$root\"\n");
}

const struct op_row op_root_overlay = {
	.name = "root-overlay",
	.operands = "abcn",
	.lore =
		{
			.why = "a file is looked for in the upper directory first, then in the "
			       "layers; writing copies it up. So any number of containers share "
			       "one image, and none changes it",
			.without = "each container would need a copy of the whole image",
			.look = "grep ' / / ' /proc/PID/mountinfo",
		},
	.run = root_overlay_run,
	.say = root_overlay_say,
	.script = root_overlay_script,
};

// --- root-place ---------------------------------------------------------------------------------

// On top of this namespace's own root, the one directory that everybody can reach: who looks paths
// up from there still finds what is below.
static int root_place_run(struct walk *walk, const struct step *step unused_)
{
	return place_root(walk, walk->slot[SLOT_ROOT], "/");
}

static void root_place_say(struct say *say, const struct plan *plan unused_,
			   const struct step *step unused_)
{
	buf_puts(say->title, "mount the root that the process between has made");
	buf_puts(say->call, "move_mount(\"/\")");
}

static void root_place_script(struct buf *out, const struct plan *plan unused_,
			      const struct step *step unused_)
{
	buf_puts(out, "mount --rbind \"$root\" \"$root\"\n");
}

const struct op_row op_root_place = {
	.name = "root-place",
	.operands = "",
	.lore =
		{
			.why = "a mount that was made outside, attached nowhere, is attached in the "
			       "container's own mount namespace, where its root has power over it",
			.without = "there would be nothing to move into",
			.look = "grep ' / / ' /proc/PID/mountinfo",
		},
	.run = root_place_run,
	.say = root_place_say,
	.script = root_place_script,
};

// --- pivot, detach ------------------------------------------------------------------------------

static int pivot_run(struct walk *walk, const struct step *step unused_)
{
	return mount_pivot(walk->slot[SLOT_ROOT]);
}

static void pivot_say(struct say *say, const struct plan *plan unused_,
		      const struct step *step unused_)
{
	buf_puts(say->title, "move into the new root with pivot_root");
	buf_puts(say->call, "fchdir(root); pivot_root(\".\", \".\")");
}

static void pivot_script(struct buf *out, const struct plan *plan unused_,
			 const struct step *step unused_)
{
	buf_puts(out, "cd \"$root\"\npivot_root . .\n");
}

const struct op_row op_pivot = {
	.name = "pivot",
	.operands = "",
	.lore =
		{
			.why = "pivot_root exchanges the root of the whole mount namespace, so that "
			       "the old one can be taken away; chroot would only change where one "
			       "process looks",
			.without = "all of the host's files would still be mounted, and a process "
				   "with CAP_SYS_CHROOT could walk out to them",
			.look = "readlink /proc/PID/root; cat /proc/PID/mountinfo",
		},
	.run = pivot_run,
	.say = pivot_say,
	.script = pivot_script,
};

static int detach_run(struct walk *walk unused_, const struct step *step unused_)
{
	return mount_detach_old_root();
}

static void detach_say(struct say *say, const struct plan *plan unused_,
		       const struct step *step unused_)
{
	buf_puts(say->title, "take the host's file systems away");
	buf_puts(say->call, "umount2(\".\", MNT_DETACH); chdir(\"/\")");
}

const struct op_row op_detach = {
	.name = "detach",
	.operands = "",
	.lore =
		{
			.why = "after the pivot the old root lies mounted on top of the new one; "
			       "unmounted, nothing of the host's tree has a name any more in here",
			.without = "\"/\" would still show the host",
			.look = "wc -l /proc/PID/mountinfo",
		},
	.run = detach_run,
	.say = detach_say,
};

// --- root-propagation ---------------------------------------------------------------------------

static unsigned long propagation_of(const struct step *step)
{
	return (unsigned long)step->n & ~(unsigned long)MS_REC;
}

// a: the word; n: MS_… of mount(2).
static int root_propagation_run(struct walk *walk, const struct step *step)
{
	int root = walk->slot[SLOT_ROOT];
	int opened = root >= 0 ? -1
			       : (int)sys_call(SYS_openat, AT_FDCWD, "/",
					       O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0 && opened < 0)
		return opened;
	int result =
		mount_propagate(root >= 0 ? root : opened, propagation_of(step), step->n & MS_REC);
	if (opened >= 0)
		sys_call(SYS_close, opened);
	return result;
}

static void root_propagation_say(struct say *say, const struct plan *plan unused_,
				 const struct step *step)
{
	buf_printf(say->title, "make the root %s", step->a);
	buf_printf(say->call, "mount_setattr(root, %s%s)",
		   propagation_of(step) == MS_SHARED ? "MS_SHARED" : "MS_UNBINDABLE",
		   step->n & MS_REC ? ", AT_RECURSIVE" : "");
}

const struct op_row op_root_propagation = {
	.name = "root-propagation",
	.operands = "an",
	.lore =
		{
			.why = "linux.rootfsPropagation: shared lets containers in this one mount "
			       "for all of it, with a group that the host is not in; unbindable "
			       "lets nobody bind the root",
			.without = "what is mounted in a mount namespace in here would stay there",
			.look = "grep ' / / ' /proc/PID/mountinfo",
		},
	.run = root_propagation_run,
	.say = root_propagation_say,
};

// --- root-readonly ------------------------------------------------------------------------------

static int root_readonly_run(struct walk *walk, const struct step *step unused_)
{
	int root = walk->slot[SLOT_ROOT];
	if (root >= 0)
		return mount_set(root, MOUNT_ATTR_RDONLY, 0, false);
	root = (int)sys_call(SYS_openat, AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return root < 0 ? root : mount_set(root, MOUNT_ATTR_RDONLY, 0, false);
}

static void root_readonly_say(struct say *say, const struct plan *plan unused_,
			      const struct step *step unused_)
{
	buf_puts(say->title, "make the root read-only");
	buf_puts(say->call, "mount_setattr(root, MOUNT_ATTR_RDONLY)");
}

const struct op_row op_root_readonly = {
	.name = "root-readonly",
	.operands = "",
	.lore =
		{
			.why = "--read-only: a program that was broken into can't leave anything "
			       "behind. It comes this late because mount points had to be made",
			.without = "the root could be written",
			.look = "grep ' / / ' /proc/PID/mountinfo",
		},
	.run = root_readonly_run,
	.say = root_readonly_say,
};
