// SPDX-License-Identifier: Apache-2.0
// host_devices.c - the host's device nodes, for --privileged
//
// A privileged container of root gets a copy of each node. An ordinary user can't make nodes: the
// host's own are bound for him, which is of use only for those that he may open.
#include "engine/mounts/host_devices.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/fail.h"

struct walk {
	struct arena *arena;
	bool usable;                // only what the caller may open
	struct oci_device *devices; // room for HOST_DEVICES_MAX
	size_t n;
};

static bool is_left_out(const char *name)
{
	static const char *const names[] = {".",     "..",      "pts",  "shm",
					    "fd",    "mqueue",  ".lxc", ".lxd-mounts",
					    ".udev", "console", "ptmx"};
	for (size_t i = 0; i < lengthof(names); i++)
		if (str_eq(name, names[i]))
			return true;
	return false;
}

static int add_node(struct walk *walk, int directory, const char *name, const char *path,
		    const struct stat *status)
{
	if (walk->usable && faccessat(directory, name, R_OK, 0) &&
	    faccessat(directory, name, W_OK, 0))
		return 0;
	if (walk->n == HOST_DEVICES_MAX)
		return fail(-E2BIG, "more than %d device nodes in /dev", HOST_DEVICES_MAX);
	walk->devices[walk->n++] = (struct oci_device){
		.path = path,
		.type = S_ISCHR(status->st_mode) ? "c" : "b",
		.major = major(status->st_rdev),
		.minor = minor(status->st_rdev),
		.file_mode = status->st_mode & 0777,
		.uid = status->st_uid,
		.gid = status->st_gid,
	};
	return 0;
}

static void close_directory(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

// A directory that can't be opened holds nothing for this caller; symbolic links are not followed.
static DIR *open_directory(int at, const char *name)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	if (fd >= 0 && !directory)
		close(fd);
	return directory;
}

static int walk_directory(struct walk *walk, int at, const char *name, const char *path, int depth)
{
	_cleanup_(close_directory) DIR *directory = open_directory(at, name);
	const struct dirent *entry;
	while (directory && (entry = readdir(directory))) {
		struct stat status;
		if (is_left_out(entry->d_name) ||
		    fstatat(dirfd(directory), entry->d_name, &status, AT_SYMLINK_NOFOLLOW))
			continue;
		const char *below = arena_printf(walk->arena, "%s/%s", path, entry->d_name);
		if (S_ISDIR(status.st_mode) && depth < HOST_DEVICES_DEPTH)
			TRY(walk_directory(walk, dirfd(directory), entry->d_name, below,
					   depth + 1));
		else if (S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode))
			TRY(add_node(walk, dirfd(directory), entry->d_name, below, &status));
	}
	return 0;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct oci_device *)a)->path, ((const struct oci_device *)b)->path);
}

int host_devices_list(struct arena *arena, const char *directory, bool usable,
		      struct oci_device **ret_devices, size_t *ret_n)
{
	struct walk walk = {arena, usable, arena_array(arena, struct oci_device, HOST_DEVICES_MAX),
			    0};
	TRY(walk_directory(&walk, AT_FDCWD, directory, "/dev", 0));
	qsort(walk.devices, walk.n, sizeof(*walk.devices), by_path);
	*ret_devices = walk.devices;
	*ret_n = walk.n;
	return 0;
}
