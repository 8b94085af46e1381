// SPDX-License-Identifier: Apache-2.0
// bind.c - steps that show something of the host's inside
//
// A copy of the source's mount is made, attached nowhere; it is changed as long as nobody can see
// it; then it is put onto its target, which openat2(2) found beneath the new root. The source is
// resolved once, to the mount, and everything else is done by its descriptor.
//
// Two kinds of sources are taken early, and wait as a number of walk.kept. Those that mount events
// are to reach must be copied before this namespace's mounts are made private, as the copy joins
// its source's peers. Those that are seen with other ids are mapped by HOST, who alone may.
#include "box/steps/bind.h"

#include "base/path.h"
#include "base/sys.h"
#include "box/steps/mount.h"
#include "box/steps/outside.h"
#include "box/steps/passwd.h"
#include "box/steps/walk.h"
#include "kern/mounts/chown.h"
#include "kern/mounts/copy.h"
#include "kern/mounts/idmap_namespace.h"
#include "kern/mounts/mount.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPTIONS_MAX = 1024 };

// --- map-source ---------------------------------------------------------------------------------

// a: source, b: the maps in words of mount(8), m: the number of the mount that has them, k: which
// of walk.kept it becomes.
static int map_source_run(struct walk *walk, const struct step *step)
{
	const struct box_spec *spec = walk->plan->spec;
	const struct oci_mount *asked = &spec->oci.mounts[step->m];
	struct id_maps maps;
	plan_mount_maps(walk->arena, spec, asked, &maps);
	int space = idmap_namespace(walk->arena, &maps, walk->plan->facts);
	if (space < 0)
		return space;
	int mount = mount_copy(AT_FDCWD, step->a, step->n & MOUNT_RECURSIVE);
	walk->detail = BIND_SOURCE;
	int result = mount;
	if (mount >= 0) {
		walk->detail = BIND_CHANGE;
		result = mount_idmap(mount, space,
				     step->n & MOUNT_RECURSIVE && !(step->n & MOUNT_ONLY_THIS));
	}
	close(space);
	if (result < 0) {
		if (mount >= 0)
			close(mount);
		return result;
	}
	walk->kept[step->k] = mount;
	return 0;
}

static void map_source_say(struct say *say, const struct plan *plan unused_,
			   const struct step *step)
{
	buf_printf(say->title, "let %s be seen with other ids", step->a);
	buf_printf(say->call,
		   "open_tree(\"%s\", OPEN_TREE_CLONE); mount_setattr(MOUNT_ATTR_IDMAP, a user "
		   "namespace of %s)",
		   step->a, step->b);
}

static void early_script(struct buf *out, const struct plan *plan unused_,
			 const struct step *step unused_)
{
	buf_puts(out, "# (mount(8) does this where it binds)\n");
}

const struct op_row op_map_source = {
	.name = "map-source",
	.operands = "abnmk",
	.lore =
		{
			.why = "an id-mapped mount shows other owners than the file system has, and "
			       "writes them back likewise; nothing is changed on disk",
			.without = "the files would belong to ids that the container has not got",
			.look = "ls -ln the path below /proc/PID/root, and its source",
		},
	.run = map_source_run,
	.say = map_source_say,
	.script = early_script,
};

// --- keep-source --------------------------------------------------------------------------------

// For MID: U, where the container's root has no power over the files.
static int own_outside(struct walk *walk, const struct step *step, int mount)
{
	const struct id_maps *maps = &walk->plan->inner;
	struct walk_user user = {0};
	walk->detail = BIND_USER;
	TRY(passwd_look_up(walk->slot[SLOT_ROOT], step->c, &user));
	uint32_t uid = outside_id(maps->uid, maps->uid_n, user.uid);
	uint32_t gid = outside_id(maps->gid, maps->gid_n, user.gid);
	if (uid == (uint32_t)NO_ID || gid == (uint32_t)NO_ID)
		return -EOVERFLOW;
	walk->detail = BIND_OWNER;
	return chown_tree(mount, uid, gid);
}

static int keep_source_run(struct walk *walk, const struct step *step)
{
	int mount = mount_copy(AT_FDCWD, step->a, step->n & MOUNT_RECURSIVE);
	walk->kept[step->k] = mount;
	walk->detail = BIND_SOURCE;
	if (mount < 0)
		return mount;
	if (step->n & MOUNT_CHOWN)
		return own_outside(walk, step, mount);
	return step->n & MOUNT_OWN ? outside_own(walk, mount) : 0;
}

static void keep_source_say(struct say *say, const struct plan *plan, const struct step *step)
{
	if (plan->outside)
		buf_printf(say->title, "take %s%s", step->a,
			   step->n & MOUNT_OWN     ? ", and give it to the container's root"
			   : step->n & MOUNT_CHOWN ? ", and give its files to the container's user"
						   : "");
	else
		buf_printf(say->title,
			   "copy the mount of %s while it shares mount events with the host's",
			   step->a);
	buf_printf(say->call, "open_tree(\"%s\", OPEN_TREE_CLONE%s)", step->a,
		   step->n & MOUNT_RECURSIVE ? "|AT_RECURSIVE" : "");
	if (step->n & (MOUNT_OWN | MOUNT_CHOWN))
		buf_puts(say->call,
			 step->n & MOUNT_OWN ? "; fchownat()" : "; fchownat() for each file below");
}

static const struct lore take_source_lore = {
	"the container's root is nobody to the host's files and may not pass directories that are "
	"closed to others; the process between may, and hands it the mount",
	"only what everybody may reach could be bound",
	"cat /proc/PID/mountinfo",
};

static const struct lore *keep_source_lore(const struct plan *plan, const struct step *step unused_)
{
	return plan->outside ? &take_source_lore : NULL;
}

const struct op_row op_keep_source = {
	.name = "keep-source",
	.operands = "ankc",
	.lore =
		{
			.why = "a copy of a mount joins the group of mounts that pass events on to "
			       "each other; the next step takes this namespace out of all groups",
			.without = "what the host mounts below it later would not appear inside",
			.look = "grep -E 'shared:|master:' /proc/PID/mountinfo",
		},
	.run = keep_source_run,
	.say = keep_source_say,
	.script = early_script,
	.lore_of = keep_source_lore,
};

// --- bind ---------------------------------------------------------------------------------------

static int own(struct walk *walk, const struct step *step, int mount)
{
	struct walk_user user = {0};
	walk->detail = BIND_USER;
	TRY(passwd_look_up(walk->slot[SLOT_ROOT], step->c, &user));
	walk->detail = BIND_OWNER;
	return chown_tree(mount, user.uid, user.gid);
}

// What is asked of the mount, while it is attached nowhere.
static int prepare(struct walk *walk, const struct step *step, int mount)
{
	uint64_t top = step->n & MOUNT_ATTRIBUTES;
	if (step->n & MOUNT_CHOWN)
		TRY(own(walk, step, mount));
	walk->detail = BIND_CHANGE;
	if (step->m)
		TRY(mount_set(mount, step->m & MOUNT_ATTRIBUTES, step->m >> 32,
			      step->n & MOUNT_RECURSIVE));
	if (top || mount_cleared(step->n))
		TRY(mount_set(mount, top, mount_cleared(step->n), false));
	if (step->n & MOUNT_SLAVE)
		TRY(mount_propagate(mount, MS_SLAVE, true));
	if (step->n & MOUNT_SHARED)
		TRY(mount_propagate(mount, MS_SHARED, true));
	if (step->n & MOUNT_UNBINDABLE)
		TRY(mount_propagate(mount, MS_UNBINDABLE, true));
	return 0;
}

int mount_find_target(struct walk *walk, const struct step *step, bool directory, bool *ret_there)
{
	int root = walk->slot[SLOT_ROOT];
	walk->detail = BIND_TARGET;
	int target = step->n & MOUNT_NO_LINKS ? path_open_no_links(root, step->b, O_PATH)
					      : path_open_in_root(root, step->b, O_PATH);
	*ret_there = target != -ENOENT;
	if (!*ret_there)
		target = path_make_missing(root, step->b, directory ? PATH_DIRECTORY : PATH_FILE);
	int mode = target < 0 ? target : mount_mode_of(target);
	if (mode >= 0 && S_ISDIR(mode) == directory)
		return target;
	mount_drop(target);
	if (mode < 0)
		return mode;
	walk->detail = directory ? BIND_DIRECTORY_ON_FILE : BIND_FILE_ON_DIRECTORY;
	return directory ? -ENOTDIR : -EISDIR;
}

// Fills a volume, attached nowhere yet, with what it will cover.
static int fill(struct walk *walk, int mount, int target)
{
	walk->detail = BIND_COPY;
	int from = path_open_no_links(target, ".", O_RDONLY | O_DIRECTORY);
	int to = path_open_no_links(mount, ".", O_RDONLY | O_DIRECTORY);
	int result = from < 0 ? from : to < 0 ? to : copy_tree(from, to, true);
	mount_drop(from);
	mount_drop(to);
	return result;
}

// The kernel lists mounts as they were made. A copy of what was taken early comes at its place; one
// of a mount that is attached nowhere is Linux 6.15's.
static int take_kept(const struct walk *walk, const struct step *step)
{
	int kept = walk->kept[step->k - 1];
	int copy = kept < 0 ? kept : mount_copy(kept, "", step->n & MOUNT_RECURSIVE);
	if (copy < 0)
		return kept;
	mount_drop(kept);
	return copy;
}

static int bind_run(struct walk *walk, const struct step *step)
{
	walk->detail = BIND_SOURCE;
	int mount = step->k ? take_kept(walk, step) : walk_take_held(walk, step->a);
	if (mount < 0 && !step->k)
		mount = mount_copy(AT_FDCWD, step->a, step->n & MOUNT_RECURSIVE);
	if (mount < 0)
		return mount;
	bool there = false;
	int mode = step->n & MOUNT_PRIVATE_FILE ? S_IFREG : mount_mode_of(mount);
	int target = mode < 0 ? mode : mount_find_target(walk, step, S_ISDIR(mode), &there);
	int result = min_of(target, 0);
	if (result >= 0 && there && step->n & MOUNT_COPY_UP)
		result = fill(walk, mount, target);
	if (result >= 0)
		result = prepare(walk, step, mount);
	if (result < 0) {
		mount_drop(target);
		mount_drop(mount);
		return result;
	}
	walk->detail = BIND_ATTACH;
	return mount_finish(mount, target);
}

// What is beside source and target, in words that follow a comma.
static void say_more(struct buf *out, const struct step *step)
{
	static const struct {
		uint64_t flag;
		const char *words;
	} table[] = {
		{MOUNT_SHARED, "mounts below it travel both ways"},
		{MOUNT_SLAVE, "what the host mounts below it appears"},
		{MOUNT_UNBINDABLE, "not to be bound again"},
		{MOUNT_CHOWN, "its files given to the container's user"},
		{MOUNT_COPY_UP, "begun with what lies there"},
		{MOUNT_LABEL, "nothing labelled, as SELinux is not on here"},
	};
	if (step->m & MOUNT_ATTR_RDONLY)
		buf_puts(out, ", read-only");
	else if (step->n & MOUNT_ATTR_RDONLY)
		buf_puts(out, step->n & MOUNT_PRIVATE_FILE || !(step->n & MOUNT_RECURSIVE)
				      ? ", read-only"
				      : ", read-only but for what is mounted below");
	for (size_t i = 0; i < lengthof(table); i++)
		if (step->n & table[i].flag)
			buf_printf(out, ", %s", table[i].words);
}

// mount_setattr(2), as far as it is called.
static void say_changes(struct buf *out, const struct step *step)
{
	uint64_t top = step->n & MOUNT_ATTRIBUTES;
	if (step->n & MOUNT_CHOWN)
		buf_puts(out, "; fchownat() for each file below, by descriptor");
	if (step->m) {
		buf_puts(out, "; mount_setattr(\"");
		mount_words(out, step->m & MOUNT_ATTRIBUTES, NULL);
		if (step->m >> 32) {
			buf_puts(out, "\", without \"");
			mount_words(out, step->m >> 32, NULL);
		}
		buf_printf(out, "\"%s)", step->n & MOUNT_RECURSIVE ? ", AT_RECURSIVE" : "");
	}
	if (top || mount_cleared(step->n)) {
		buf_puts(out, "; mount_setattr(\"");
		mount_words(out, top, NULL);
		buf_puts(out, mount_cleared(step->n) ? "\", without \"" : "\"");
		mount_words(out, mount_cleared(step->n), NULL);
		buf_puts(out, mount_cleared(step->n) ? "\")" : ")");
	}
	if (step->n & (MOUNT_SHARED | MOUNT_SLAVE | MOUNT_UNBINDABLE))
		buf_printf(out, "; mount_setattr(%s)",
			   step->n & MOUNT_SHARED  ? "MS_SHARED"
			   : step->n & MOUNT_SLAVE ? "MS_SLAVE"
						   : "MS_UNBINDABLE");
}

static void bind_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	bool ours = step->n & (MOUNT_PRIVATE_FILE | MOUNT_VOLUME);
	buf_printf(say->title, "bind %s%s on %s",
		   !ours                    ? "the host's "
		   : step->n & MOUNT_VOLUME ? "the container's own volume "
					    : "the container's own ",
		   ours ? strrchr(step->a, '/') + 1 : step->a, step->b);
	say_more(say->title, step);
	if (step->k)
		buf_puts(say->call, "the copy taken before");
	else
		buf_printf(say->call, "open_tree(\"%s\", OPEN_TREE_CLONE%s)", step->a,
			   step->n & MOUNT_RECURSIVE ? "|AT_RECURSIVE" : "");
	if (step->n & MOUNT_COPY_UP)
		buf_printf(say->call, "; each file below \"%s\" copied into it", step->b);
	say_changes(say->call, step);
	buf_printf(say->call, "; move_mount(\"%s\")", step->b);
}

void mount_file_script(struct buf *out, const char *path)
{
	buf_puts(out, "mkdir -p \"$(dirname ");
	mount_target_script(out, path);
	buf_puts(out, ")\"\n[ -e ");
	mount_target_script(out, path);
	buf_puts(out, " ] || : >");
	mount_target_script(out, path);
	buf_putc(out, '\n');
}

static void target_script(struct buf *out, const struct step *step)
{
	if (step->n & MOUNT_PRIVATE_FILE) {
		mount_file_script(out, step->b);
		return;
	}
	buf_puts(out, "if [ -d ");
	buf_shell(out, step->a);
	buf_puts(out, " ]; then\nmkdir -p ");
	mount_target_script(out, step->b);
	buf_puts(out, "\nelse\n");
	mount_file_script(out, step->b);
	buf_puts(out, "fi\n");
}

static void remount_script(struct buf *out, const struct step *step, const char *words, bool all)
{
	if (!*words)
		return;
	if (!all)
		buf_printf(out, "mount -o remount,bind,%s ", words);
	else
		buf_puts(out, "remount_all ");
	mount_target_script(out, step->b);
	buf_printf(out, "%s%s\n", all ? " " : "", all ? words : "");
}

static void propagation_script(struct buf *out, const struct plan *plan, const struct step *step)
{
	const char *word = step->n & MOUNT_UNBINDABLE                             ? "runbindable"
			   : step->n & MOUNT_SLAVE                                ? "rslave"
			   : plan_keeps_source(plan) && !(step->n & MOUNT_SHARED) ? "rprivate"
										  : NULL;
	if (!word)
		return;
	buf_printf(out, "mount --make-%s ", word);
	mount_target_script(out, step->b);
	buf_putc(out, '\n');
}

// The words of mount(8) that undo attributes.
static void add_undone(struct buf *out, uint64_t attributes)
{
	static const struct {
		uint64_t flag;
		const char *word;
	} table[] = {{MOUNT_ATTR_NOSUID, "suid"},
		     {MOUNT_ATTR_NODEV, "dev"},
		     {MOUNT_ATTR_NOEXEC, "exec"},
		     {MOUNT_ATTR__ATIME, "relatime"},
		     {MOUNT_ATTR_NODIRATIME, "diratime"},
		     {MOUNT_ATTR_NOSYMFOLLOW, "symfollow"},
		     {MOUNT_ATTR_RDONLY, "rw"}};
	for (size_t i = 0; i < lengthof(table); i++)
		if (attributes & table[i].flag)
			buf_printf(out, "%s%s", out->n ? "," : "", table[i].word);
}

static const struct step *map_of(const struct plan *plan, const struct step *step)
{
	for (size_t i = 0; i < plan->steps_n; i++)
		if (plan->steps[i].op == OP_MAP_SOURCE && plan->steps[i].k == step->k - 1)
			return &plan->steps[i];
	return NULL;
}

// What a volume begins with.
static void fill_script(struct buf *out, const struct step *step)
{
	buf_puts(out, "if [ -d ");
	mount_target_script(out, step->b);
	buf_puts(out, " ]; then\ncp -a ");
	mount_target_script(out, step->b);
	buf_puts(out, "/. ");
	buf_shell(out, step->a);
	buf_puts(out, "/\nfi\n");
}

static void copy_script(struct buf *out, const struct plan *plan, const struct step *step)
{
	const struct step *map = step->k ? map_of(plan, step) : NULL;
	if (step->n & MOUNT_CHOWN) {
		buf_puts(out, "give_away ");
		buf_shell(out, step->a);
		buf_putc(out, ' ');
		buf_shell(out, step->c ? step->c : "0:0");
		buf_putc(out, '\n');
	}
	buf_printf(out, "mount --%s ", step->n & MOUNT_RECURSIVE ? "rbind" : "bind");
	if (map) {
		buf_puts(out, "-o ");
		buf_shell(out, arena_printf(out->arena, "X-mount.idmap=%s", map->b));
		buf_putc(out, ' ');
	}
	buf_shell(out, step->a);
	buf_putc(out, ' ');
	mount_target_script(out, step->b);
	buf_putc(out, '\n');
}

static void bind_script(struct buf *out, const struct plan *plan, const struct step *step)
{
	struct buf below = buf_new(out->arena, OPTIONS_MAX);
	struct buf top = buf_new(out->arena, OPTIONS_MAX);
	mount_words(&below, step->m & MOUNT_ATTRIBUTES, NULL);
	add_undone(&below, step->m >> 32);
	mount_words(&top, step->n & MOUNT_ATTRIBUTES, NULL);
	add_undone(&top, mount_cleared(step->n));
	if (step->n & MOUNT_COPY_UP)
		fill_script(out, step);
	target_script(out, step);
	copy_script(out, plan, step);
	remount_script(out, step, below.p, step->n & MOUNT_RECURSIVE);
	remount_script(out, step, top.p, false);
	propagation_script(out, plan, step);
}

static const struct lore private_file_lore = {
	"this container's own file is laid over the root's, as names are read from it",
	"it would see the image's, which know nothing of this container",
	"grep /etc/ /proc/PID/mountinfo",
};

static const struct lore *bind_lore(const struct plan *plan unused_, const struct step *step)
{
	return step->n & MOUNT_PRIVATE_FILE ? &private_file_lore : NULL;
}

const struct op_row op_bind = {
	.name = "bind",
	.operands = "abcnmk",
	.lore =
		{
			.why = "a bind mount shows one tree in two places; read-only holds for "
			       "what is mounted below it too",
			.without = "the container would not see the host's files it was given",
			.look = "cat /proc/PID/mountinfo",
		},
	.run = bind_run,
	.say = bind_say,
	.script = bind_script,
	.lore_of = bind_lore,
};
