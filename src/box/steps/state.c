// SPDX-License-Identifier: Apache-2.0
// state.c - steps that leave something on the host's disk
//
// Each container has one directory of its own, 0700, named by half its id. It holds the record that
// `tare ps` reads, the small files that are bound into the container, and with an overlay what the
// container writes. The mount point of its root is one for all: a mount is in one mount namespace,
// each container has its own, and on the host's side the directory stays empty. While a container
// lives its starter holds a lock on the directory: a lock dies with its holder, so a directory that
// is not locked is left over, whatever killed its owner.
#include "box/steps/op.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/parents.h"
#include "box/record/record.h"
#include "box/steps/walk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// --- state --------------------------------------------------------------------------------------

// What the overlay's root directory looks like is decided by the upper one: it takes after the
// topmost layer's.
static int make_upper(int state, const struct box_spec *spec)
{
	struct stat top;
	if (stat(spec->layers.item[0], &top))
		return fail_sys(-errno, "layer '%s'", spec->layers.item[0]);
	if (mkdirat(state, "upper", 0700) || mkdirat(state, "work", 0700) ||
	    fchmodat(state, "upper", top.st_mode & 07777, 0))
		return fail_sys(-errno, "make the overlay's directories in '%s'", spec->state);
	if (geteuid() == 0 && fchownat(state, "upper", top.st_uid, top.st_gid, 0))
		return fail_sys(-errno, "change the owner of '%s/upper'", spec->state);
	return 0;
}

static int state_run(struct walk *walk, const struct step *step)
{
	const struct box_spec *spec = walk->plan->spec;
	TRY(box_record_create(walk->arena, walk->plan, &walk->slot[SLOT_STATE]));
	if (mkdir(step->b, 0700) && errno != EEXIST)
		return fail_sys(-errno, "make '%s'", step->b);
	return spec->root == BOX_ROOT_OVERLAY ? make_upper(walk->slot[SLOT_STATE], spec) : 0;
}

static int state_undo(struct walk *walk, const struct step *step unused_)
{
	if (walk->slot[SLOT_STATE] < 0)
		return 0;
	if (!walk->keep)
		box_record_discard(walk->arena, walk->plan, walk->slot[SLOT_STATE]);
	fd_close(&walk->slot[SLOT_STATE]);
	return 0;
}

static void state_say(struct say *say, const struct plan *plan, const struct step *step)
{
	buf_printf(say->title, "make the container's own directory");
	buf_printf(say->call, "mkdir(\"%s\", 0700); flock(…, LOCK_EX); mkdir(\"%s\")", step->a,
		   step->b);
	if (plan->spec->root == BOX_ROOT_OVERLAY)
		buf_printf(say->call, "; mkdir(\"upper\"); mkdir(\"work\")");
}

static void state_script(struct buf *out, const struct plan *plan, const struct step *step unused_)
{
	buf_puts(out, "mkdir -p \"$state/root\"\n");
	buf_puts(out, "chmod 700 \"$state\"\n");
	if (plan->spec->root == BOX_ROOT_OVERLAY)
		buf_puts(out, "mkdir \"$state/upper\" \"$state/work\"\n"
			      "chmod --reference=\"$layer\" \"$state/upper\"\n");
}

const struct op_row op_state = {
	.name = "state",
	.operands = "ab",
	.lore =
		{
			.why = "everything that belongs to one container lies in one place, its "
			       "record and its hosts file. The place where roots are mounted is "
			       "one for all: each mounts there in its own mount namespace",
			.without = "nobody could list it, or clean up after it when its starter is "
				   "killed",
			.look = "tare ps -a",
		},
	.run = state_run,
	.undo = state_undo,
	.say = state_say,
	.script = state_script,
};

// --- file ---------------------------------------------------------------------------------------

static int file_run(struct walk *walk, const struct step *step)
{
	int state = walk->slot[SLOT_STATE];
	_cleanup_fd_ int fd =
		openat(state, step->a, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	int result = fd < 0 ? -errno : fd_write_all(fd, step->b, strlen(step->b));
	if (result == 0 && fchmod(fd, 0644))
		result = -errno;
	if (result < 0)
		return fail_sys(result, "write '%s/%s'", walk->plan->spec->state, step->a);
	return 0;
}

static void file_say(struct say *say, const struct plan *plan, const struct step *step)
{
	buf_printf(say->title, "write the container's %s", step->c);
	buf_printf(say->call, "open(\"%s/%s\", O_CREAT|O_EXCL); write(%zu bytes)",
		   plan->spec->state, step->a, strlen(step->b));
}

static void file_script(struct buf *out, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(out, "cat >\"$state/%s\" <<'END_OF_FILE'\n%s", step->a, step->b);
	size_t n = strlen(step->b);
	buf_puts(out, n && step->b[n - 1] != '\n' ? "\nEND_OF_FILE\n" : "END_OF_FILE\n");
}

const struct op_row op_file = {
	.name = "file",
	.operands = "ac",
	.lore =
		{
			.why = "names are looked up in files, and those of the host or of an image "
			       "would tell the container wrong",
			.without = "\"localhost\" and the container's own name could not be found",
			.look = "grep /etc/ /proc/PID/mountinfo; ls /proc/PID/root/etc",
		},
	.run = file_run,
	.say = file_say,
	.script = file_script,
};

// --- source -------------------------------------------------------------------------------------

static int source_run(struct walk *walk unused_, const struct step *step)
{
	int result = parents_make_with(step->a, 0755);
	return result < 0 ? fail_sys(result, "make '%s'", step->a) : 0;
}

static void source_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "make the host directory %s", step->a);
	buf_printf(say->call, "mkdir(\"%s\", 0755), parents too", step->a);
}

static void source_script(struct buf *out, const struct plan *plan unused_, const struct step *step)
{
	buf_puts(out, "mkdir -p ");
	buf_shell(out, step->a);
	buf_putc(out, '\n');
}

const struct op_row op_source = {
	.name = "source",
	.operands = "a",
	.lore =
		{
			.why = "-v names a directory that is not there; Docker makes it, so tare "
			       "does, and says so",
			.without = "there would be nothing to bind",
			.look = "ls -ld the directory",
		},
	.run = source_run,
	.say = source_say,
	.script = source_script,
};
