// SPDX-License-Identifier: Apache-2.0
// outside.c - steps for a container whose root can't reach what is mounted in it
//
// plan/outside.c tells when that is. MID works in a mount namespace of its own, so that it may
// mount at all where it is an ordinary user's, and nothing of it is ever seen by others.
#include "box/steps/outside.h"

#include "base/fail.h"
#include "base/sys.h"
#include "box/steps/op.h"
#include "kern/mounts/idmap_namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>

uint32_t outside_id(const struct id_map *map, size_t n, uint32_t inside)
{
	for (size_t i = 0; i < n; i++)
		if (inside >= map[i].inside && inside - map[i].inside < map[i].count)
			return inside - map[i].inside + map[i].outside;
	return NO_ID;
}

static bool has_inside(const struct id_map *map, size_t n, uint32_t outside)
{
	for (size_t i = 0; i < n; i++)
		if (outside >= map[i].outside && outside - map[i].outside < map[i].count)
			return true;
	return false;
}

int outside_own(const struct walk *walk, int fd)
{
	const struct id_maps *maps = &walk->plan->inner;
	return (int)sys_call(SYS_fchownat, fd, "", outside_id(maps->uid, maps->uid_n, 0),
			     outside_id(maps->gid, maps->gid_n, 0), AT_EMPTY_PATH);
}

// The id that the owner of a layer's file has in the overlay; the container's root where it has
// none inside.
static uint32_t owner_of(const struct id_map *map, size_t n, uint32_t id, bool mapped)
{
	uint32_t root = outside_id(map, n, 0);
	if (!mapped)
		return has_inside(map, n, id) ? id : root;
	id = outside_id(map, n, id);
	return id == NO_ID ? root : id;
}

int outside_own_upper(const struct walk *walk, const char *layer, const char *upper, bool mapped)
{
	const struct id_maps *maps = &walk->plan->inner;
	struct stat top;
	TRY((int)sys_call(SYS_newfstatat, AT_FDCWD, layer, &top, 0));
	return (int)sys_call(
		SYS_fchownat, AT_FDCWD, upper, owner_of(maps->uid, maps->uid_n, top.st_uid, mapped),
		owner_of(maps->gid, maps->gid_n, top.st_gid, mapped), AT_SYMLINK_NOFOLLOW);
}

// --- id-space -----------------------------------------------------------------------------------

static int id_space_run(struct walk *walk, const struct step *step unused_)
{
	int space = idmap_namespace(walk->arena, &walk->plan->maps, walk->plan->facts);
	walk->slot[SLOT_IDS] = space;
	return min_of(space, 0);
}

static int id_space_undo(struct walk *walk, const struct step *step unused_)
{
	if (walk->slot[SLOT_IDS] >= 0)
		sys_call(SYS_close, walk->slot[SLOT_IDS]);
	walk->slot[SLOT_IDS] = -1;
	return 0;
}

static void id_space_say(struct say *say, const struct plan *plan unused_,
			 const struct step *step unused_)
{
	buf_puts(say->title, "make the container's id maps something that mounts can be seen "
			     "through");
	buf_puts(say->call, "clone(CLONE_NEWUSER); write \"/proc/PID/uid_map\", gid_map; "
			    "open(\"/proc/PID/ns/user\")");
}

static void id_space_script(struct buf *out, const struct plan *plan unused_,
			    const struct step *step unused_)
{
	buf_puts(out, "# (mount(8) does this where it mounts)\n");
}

const struct op_row op_id_space = {
	.name = "id-space",
	.operands = "",
	.lore =
		{
			.why = "the files are kept once, with the ids they have inside; an "
			       "id-mapped mount shows them with those that the container has on "
			       "the host, and takes the map from a user namespace",
			.without = "each container with other ids would need a copy of the image, "
				   "with other owners",
			.look = "ls -ln /proc/PID/root/etc, and the layer's",
		},
	.run = id_space_run,
	.undo = id_space_undo,
	.say = id_space_say,
	.script = id_space_script,
};

// --- apart --------------------------------------------------------------------------------------

static int apart_run(struct walk *walk unused_, const struct step *step unused_)
{
	return (int)sys_call(SYS_unshare, CLONE_NEWNS);
}

static void apart_say(struct say *say, const struct plan *plan unused_,
		      const struct step *step unused_)
{
	buf_puts(say->title, "give the process between mounts of its own");
	buf_puts(say->call, "unshare(CLONE_NEWNS)");
}

const struct op_row op_apart = {
	.name = "apart",
	.operands = "",
	.lore =
		{
			.why = "the container's root will be nobody to the host's files, so what "
			       "is mounted in it is taken by a process that still is somebody",
			.without = "tare's own directories, and what -v names below a closed "
				   "directory, could not be reached",
			.look = "ls -l /proc/PID/ns/mnt",
		},
	.run = apart_run,
	.say = apart_say,
};

// --- id-map-within ------------------------------------------------------------------------------

static int put(pid_t pid, const char *file, const char *text)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	int fd = (int)sys_call(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return fd;
	long n = sys_call(SYS_write, fd, text, strlen(text));
	sys_call(SYS_close, fd);
	return (int)min_of(n, 0L);
}

// a: the text of uid_map, b: of gid_map.
static int id_map_within_run(struct walk *walk, const struct step *step)
{
	TRY(put(walk->pid, "uid_map", step->a));
	return put(walk->pid, "gid_map", step->b);
}

static void id_map_within_say(struct say *say, const struct plan *plan,
			      const struct step *step unused_)
{
	const struct id_maps *maps = &plan->maps, *inner = &plan->inner;
	buf_puts(say->title, "say whose ids those inside are (inside, outside, how many): ");
	for (size_t i = 0; i < maps->uid_n; i++)
		buf_printf(say->title, "%s%u %u %u", i ? ", " : "", maps->uid[i].inside,
			   maps->uid[i].outside, maps->uid[i].count);
	buf_puts(say->call, "write /proc/PID/uid_map, gid_map, in the ids of the namespace "
			    "between:");
	for (size_t i = 0; i < inner->uid_n; i++)
		buf_printf(say->call, "%s %u %u %u", i ? "," : "", inner->uid[i].inside,
			   inner->uid[i].outside, inner->uid[i].count);
}

const struct op_row op_id_map_within = {
	.name = "id-map-within",
	.operands = "ab",
	.lore =
		{
			.why = "the container's user namespace lies in one that has all of your "
			       "ids, which mounts its files; its own has those that were asked "
			       "for, and you are not among them",
			.without = "every id inside would be 65534, nobody",
			.look = "cat /proc/PID/uid_map",
		},
	.run = id_map_within_run,
	.say = id_map_within_say,
};
