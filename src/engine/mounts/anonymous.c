// SPDX-License-Identifier: Apache-2.0
// anonymous.c - volumes without a name: of -v PATH, of --mount type=volume, of an image
//
// A volume is a directory of the host that is mounted in the container, so that what is written
// there does not go through the overlay and outlives a change of the image. One without a name
// belongs to one container and goes with it. As in Docker it begins with what the image has at that
// place, owners and modes with it: a data base finds its directory ready.
//
// An image says where it wants one; so the path is hostile, and is read like any other.
#include "engine/mounts/anonymous.h"

#include "engine/mounts/destination.h"
#include "oci/lists.h"

int anonymous_volume(struct arena *arena, const char *flag, const char *text, struct str path,
		     bool copy, struct oci_mount *ret_mount)
{
	static const char *const words[] = {"rbind", "rprivate", "rw", "anonymous", NULL};
	struct oci_mount mount = {.type = "bind", .source = ""};
	TRY(destination_parse(arena, flag, text, path, &mount.destination));
	oci_strings_push_all(arena, &mount.options, words);
	if (copy)
		oci_strings_push(arena, &mount.options, "copyup");
	*ret_mount = mount;
	return 0;
}

static bool is_taken(const struct oci_mount *mounts, size_t n, const char *destination)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(mounts[i].destination, destination))
			return true;
	return false;
}

int anonymous_of_image(struct arena *arena, const struct oci_strings *paths,
		       const struct oci_mount *mounts, size_t n, struct oci_mount *ret_volumes,
		       size_t *ret_n)
{
	size_t volumes_n = 0;
	for (size_t i = 0; i < paths->n; i++) {
		const char *path = paths->item[i];
		struct oci_mount volume;
		TRY(anonymous_volume(arena, "the image's volume", path, str_of(path), true,
				     &volume));
		if (!is_taken(mounts, n, volume.destination) &&
		    !is_taken(ret_volumes, volumes_n, volume.destination))
			ret_volumes[volumes_n++] = volume;
	}
	*ret_n = volumes_n;
	return 0;
}

bool is_anonymous(const struct oci_mount *mount)
{
	return oci_strings_has(&mount->options, "anonymous");
}

bool needs_directory(const struct oci_mount *mount)
{
	return is_anonymous(mount) || str_eq(mount->type, "overlay");
}

void anonymous_place(struct arena *arena, const char *state, struct oci_mount *mounts, size_t n)
{
	size_t number = 0;
	for (size_t i = 0; i < n; i++) {
		if (!needs_directory(&mounts[i]))
			continue;
		const char *path = arena_printf(arena, "%s/volumes/%zu", state, number++);
		if (is_anonymous(&mounts[i]))
			mounts[i].source = path;
		else
			mounts[i].scratch = path;
	}
}
