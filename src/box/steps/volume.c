// SPDX-License-Identifier: Apache-2.0
// volume.c - steps about directories of the container's own that are mounted in it
//
// They lie below "volumes" in its directory on the host, numbered: the volumes that have no name,
// and what is written over a source that is to stay as it is. HOST makes them, INIT mounts them,
// and they are removed with the rest of the directory.
#include "box/steps/bind.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/path.h"
#include "box/steps/mount.h"
#include "box/steps/outside.h"
#include "box/steps/walk.h"
#include "kern/mounts/mount.h"
#include "kern/mounts/overlay.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// --- volume -------------------------------------------------------------------------------------

// As with the root's overlay, its top directory takes after the upper one, and that after `source`.
static int make_overlay(int volumes, const struct step *step, const char *name)
{
	struct stat top;
	_cleanup_fd_ int own =
		openat(volumes, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (stat(step->b, &top))
		return fail_sys(-errno, "'%s' on the host", step->b);
	if (own < 0 || mkdirat(own, "upper", 0700) || mkdirat(own, "work", 0700) ||
	    fchmodat(own, "upper", top.st_mode & 07777, 0))
		return fail_sys(-errno, "make the overlay's directories in '%s'", step->a);
	if (geteuid() == 0 && fchownat(own, "upper", top.st_uid, top.st_gid, 0))
		return fail_sys(-errno, "change the owner of '%s/upper'", step->a);
	return 0;
}

// a: its directory, b: what it is an overlay's changes of, m: owner and group, where that is not
// us.
static int volume_run(struct walk *walk, const struct step *step)
{
	int state = walk->slot[SLOT_STATE];
	const char *name = strrchr(step->a, '/') + 1;
	if (mkdirat(state, "volumes", 0700) && errno != EEXIST)
		return fail_sys(-errno, "make '%s/volumes'", walk->plan->spec->state);
	_cleanup_fd_ int volumes =
		openat(state, "volumes", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (volumes < 0 || mkdirat(volumes, name, 0755) || fchmodat(volumes, name, 0755, 0))
		return fail_sys(-errno, "make '%s'", step->a);
	if (step->m && fchownat(volumes, name, (uid_t)(step->m >> 32), (gid_t)step->m, 0))
		return fail_sys(-errno, "change the owner of '%s'", step->a);
	return step->b ? make_overlay(volumes, step, name) : 0;
}

static void volume_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	const char *number = strrchr(step->a, '/') + 1;
	if (step->b)
		buf_printf(say->title, "make a directory for changes of %s, number %s", step->b,
			   number);
	else
		buf_printf(say->title, "make a volume of the container's own, number %s", number);
	buf_printf(say->call, "mkdir(\"%s\", 0755)", step->a);
	if (step->b)
		buf_puts(say->call, "; mkdir(\"upper\"); mkdir(\"work\")");
}

static void volume_script(struct buf *out, const struct plan *plan unused_, const struct step *step)
{
	const char *name = strrchr(step->a, '/') + 1;
	buf_printf(out, "mkdir -p \"$state/volumes/%s\"\n", name);
	if (step->b) {
		buf_printf(out,
			   "mkdir \"$state/volumes/%s/upper\" \"$state/volumes/%s/work\"\n"
			   "chmod --reference=",
			   name, name);
		buf_shell(out, step->b);
		buf_printf(out, " \"$state/volumes/%s/upper\"\n", name);
	}
	if (step->m)
		buf_printf(out, "chown %u:%u \"$state/volumes/%s\"\n", (uint32_t)(step->m >> 32),
			   (uint32_t)step->m, name);
}

const struct op_row op_volume = {
	.name = "volume",
	.operands = "abm",
	.lore =
		{
			.why = "what is written to a volume goes straight to the disk, past the "
			       "overlay; one without a name is removed with its container",
			.without =
				"a data base would write through the overlay, file by file copied "
				"up first",
			.look = "ls the directory",
		},
	.run = volume_run,
	.say = volume_say,
	.script = volume_script,
};

// --- bind-overlay -------------------------------------------------------------------------------

static int join(char text[static PATH_LENGTH_MAX], const char *directory, const char *name)
{
	size_t n = strlen(directory), m = strlen(name);
	if (n + m >= PATH_LENGTH_MAX)
		return -ENAMETOOLONG;
	memcpy(text, directory, n);
	memcpy(text + n, name, m + 1);
	return 0;
}

// The overlay of a step: a: source, c: the directory that has "upper" and "work", k: ROOT_OVERLAY_…
// flags. A mount, attached nowhere.
static int overlay_of(struct walk *walk, const struct step *step)
{
	char upper[PATH_LENGTH_MAX], work[PATH_LENGTH_MAX];
	walk->detail = BIND_SOURCE;
	TRY(join(upper, step->c, "/upper"));
	TRY(join(work, step->c, "/work"));
	struct overlay overlay = {
		.layers = &step->a,
		.layers_n = 1,
		.upper = upper,
		.work = work,
		.user = step->k & ROOT_OVERLAY_USER,
		.fleeting = step->k & ROOT_OVERLAY_FLEETING,
		.ids = -1,
	};
	if (walk->self == ACTOR_MID)
		TRY(outside_own_upper(walk, step->a, upper, false));
	return overlay_new(&overlay);
}

// b: target, n: attributes.
static int bind_overlay_run(struct walk *walk, const struct step *step)
{
	bool there;
	int mount = overlay_of(walk, step);
	uint64_t attributes = step->n & MOUNT_ATTRIBUTES;
	int result = min_of(mount, 0);
	if (result >= 0 && attributes)
		result = mount_set(mount, attributes, 0, false);
	if (result >= 0)
		result = mount_find_target(walk, step, true, &there);
	if (result < 0) {
		mount_drop(mount);
		return result;
	}
	walk->detail = BIND_ATTACH;
	return mount_finish(mount, result);
}

static void add_options(struct buf *out, const struct step *step)
{
	buf_printf(out, "lowerdir=%s,upperdir=%s/upper,workdir=%s/work", step->a, step->c, step->c);
	if (step->k & ROOT_OVERLAY_USER)
		buf_puts(out, ",userxattr");
	if (step->k & ROOT_OVERLAY_FLEETING)
		buf_puts(out, ",volatile");
}

static void bind_overlay_say(struct say *say, const struct plan *plan unused_,
			     const struct step *step)
{
	buf_printf(say->title, "show the host's %s on %s, with changes kept elsewhere", step->a,
		   step->b);
	buf_puts(say->call, "fsopen(\"overlay\"); fsconfig(\"");
	add_options(say->call, step);
	buf_puts(say->call, "\"); fsmount(\"");
	mount_words(say->call, step->n & MOUNT_ATTRIBUTES, NULL);
	buf_printf(say->call, "\"); move_mount(\"%s\")", step->b);
}

static void bind_overlay_script(struct buf *out, const struct plan *plan unused_,
				const struct step *step)
{
	struct buf options = buf_new(out->arena, 4 * PATH_LENGTH_MAX);
	mount_words(&options, step->n & MOUNT_ATTRIBUTES, NULL);
	if (options.n)
		buf_putc(&options, ',');
	add_options(&options, step);
	buf_puts(out, "mkdir -p ");
	mount_target_script(out, step->b);
	buf_puts(out, "\nmount -t overlay overlay -o ");
	buf_shell(out, options.p);
	buf_putc(out, ' ');
	mount_target_script(out, step->b);
	buf_putc(out, '\n');
}

const struct op_row op_bind_overlay = {
	.name = "bind-overlay",
	.operands = "abcnk",
	.lore =
		{
			.why = "the container may write to what it is shown, and the host's files "
			       "stay as they are: changes go to a directory that is removed with it",
			.without = "it could either not write, or would change the host's files",
			.look = "grep overlay /proc/PID/mountinfo",
		},
	.run = bind_overlay_run,
	.say = bind_overlay_say,
	.script = bind_overlay_script,
};

// --- overlay-source -----------------------------------------------------------------------------

// m: which of walk.kept it becomes.
static int overlay_source_run(struct walk *walk, const struct step *step)
{
	int mount = overlay_of(walk, step);
	walk->kept[step->m] = mount;
	return min_of(mount, 0);
}

static void overlay_source_say(struct say *say, const struct plan *plan unused_,
			       const struct step *step)
{
	buf_printf(say->title, "take the host's %s, with changes kept elsewhere", step->a);
	buf_puts(say->call, "fsopen(\"overlay\"); fsconfig(\"");
	add_options(say->call, step);
	buf_puts(say->call, "\"); fsmount()");
}

const struct op_row op_overlay_source = {
	.name = "overlay-source",
	.operands = "ackm",
	.lore =
		{
			.why = "the container's root can't reach the source, or has no power over "
			       "whose files lie there; whoever is outside has, and the changes "
			       "go to a directory that is removed with the container",
			.without = "it could either not write, or would change the host's files",
			.look = "grep overlay /proc/PID/mountinfo",
		},
	.run = overlay_source_run,
	.say = overlay_source_say,
};
