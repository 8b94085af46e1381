// SPDX-License-Identifier: Apache-2.0
// mounts.c - all mounts that the options ask for
#include "engine/mounts/mounts.h"

#include "base/fail.h"
#include "engine/mounts/anonymous.h"
#include "oci/lists.h"
#include "engine/mounts/mount_option.h"
#include "engine/mounts/tmpfs.h"
#include "engine/mounts/volume.h"

static const char *const writable_places[] = {"/run", "/tmp", "/var/tmp"};

static int duplicate(const struct oci_mount *mounts, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++)
		if (str_eq(mounts[i].destination, mounts[n - 1].destination))
			return fail(-EINVAL, "duplicate mount point '%s'",
				    mounts[n - 1].destination);
	return 0;
}

static size_t depth(const struct oci_mount *mount)
{
	size_t slashes = 0;
	for (const char *p = mount->destination; *p; p++)
		slashes += *p == '/';
	return slashes;
}

// Stable: of two that lie equally deep the earlier stays first.
static void sort_by_depth(struct oci_mount *mounts, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct oci_mount mount = mounts[i];
		size_t at = i;
		for (; at && depth(&mounts[at - 1]) > depth(&mount); at--)
			mounts[at] = mounts[at - 1];
		mounts[at] = mount;
	}
}

static bool is_taken(const struct oci_mount *mounts, size_t n, const char *destination)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(mounts[i].destination, destination))
			return true;
	return false;
}

// --read-only-tmpfs: what Podman mounts over a root that is read-only, where no other mount is.
static void add_writable(struct arena *arena, struct oci_mount *mounts, size_t *n)
{
	static const char *const words[] = {"rw", "nosuid", "nodev", "tmpcopyup", NULL};
	for (size_t i = 0; i < lengthof(writable_places); i++) {
		struct oci_mount mount = {.type = "tmpfs", .source = "tmpfs"};
		mount.destination = writable_places[i];
		if (is_taken(mounts, *n, mount.destination))
			continue;
		oci_strings_push_all(arena, &mount.options, words);
		if (!str_eq(mount.destination, "/run"))
			oci_strings_push(arena, &mount.options, "noexec");
		mounts[(*n)++] = mount;
	}
}

// What --image-volume makes of the volumes that the image wants.
static int add_image_volumes(struct arena *arena, const char *how, const struct oci_strings *paths,
			     struct oci_mount *mounts, size_t *n)
{
	size_t volumes_n;
	if (how && str_eq(how, "ignore"))
		return 0;
	if (how && !str_eq(how, "bind") && !str_eq(how, "anonymous") && !str_eq(how, "tmpfs"))
		return fail(-EINVAL, "--image-volume '%.32s': bind, tmpfs or ignore is expected",
			    how);
	struct oci_mount *volumes = mounts + *n;
	TRY(anonymous_of_image(arena, paths, mounts, *n, volumes, &volumes_n));
	for (size_t i = 0; how && str_eq(how, "tmpfs") && i < volumes_n; i++) {
		static const char *const words[] = {"rw",    "noexec",    "nosuid",
						    "nodev", "tmpcopyup", NULL};
		volumes[i].type = volumes[i].source = "tmpfs";
		volumes[i].options = (struct oci_strings){0};
		oci_strings_push_all(arena, &volumes[i].options, words);
	}
	*n += volumes_n;
	return 0;
}

int mounts_parse(struct arena *arena, const struct engine_place *place, const struct run_opts *opts,
		 const struct oci_strings *volumes, bool ordinary, struct mounts_asked *ret_asked)
{
	size_t n = 0;
	struct source_found found = {0};
	struct oci_mount *mounts = arena_array(arena, struct oci_mount,
					       opts->volume.n + opts->mount.n + opts->tmpfs.n +
						       volumes->n + lengthof(writable_places));
	for (size_t i = 0; i < opts->volume.n; i++) {
		const char *text = opts->volume.item[i];
		TRY(volume_parse(arena, place->cwd, text, &mounts[n++]));
		TRY(duplicate(mounts, n));
		if (!is_anonymous(&mounts[n - 1]))
			TRY(source_check(arena, place, "--volume", text, &mounts[n - 1], true,
					 ordinary, &found));
	}
	for (size_t i = 0; i < opts->mount.n; i++) {
		const char *text = opts->mount.item[i];
		bool make;
		TRY(mount_option_parse(arena, place->cwd, text, &mounts[n++], &make));
		TRY(duplicate(mounts, n));
		if (str_eq(mounts[n - 1].type, "bind") && !is_anonymous(&mounts[n - 1]))
			TRY(source_check(arena, place, "--mount", text, &mounts[n - 1], make,
					 ordinary, &found));
	}
	for (size_t i = 0; i < opts->tmpfs.n; i++) {
		TRY(tmpfs_parse(arena, opts->tmpfs.item[i], &mounts[n++]));
		TRY(duplicate(mounts, n));
	}
	TRY(add_image_volumes(arena, opts->image_volume, volumes, mounts, &n));
	if (opts->read_only_tmpfs)
		add_writable(arena, mounts, &n);
	sort_by_depth(mounts, n);
	*ret_asked = (struct mounts_asked){mounts, n, found};
	return 0;
}
