// SPDX-License-Identifier: Apache-2.0
// path.c - openat2(2) in the shapes that containers need
//
// path_make_in_root opens ever shorter beginnings of the name, each from the root again, since a
// link in the middle is to be read as the root's own. From the first that is there it goes on by
// mkdirat in the directory just opened, where nothing but a plain name is followed.
#include "base/path.h"

#include "base/sys.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>

static int open_how(int root, const char *path, int flags, uint64_t resolve)
{
	struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC), .resolve = resolve};
	int result;
	// The kernel gives up with EAGAIN when a rename elsewhere raced with a ".." of ours.
	for (int tries = 0; tries < 64; tries++) {
		result = (int)sys_call(SYS_openat2, root, path, &how, sizeof(how));
		if (result != -EAGAIN && result != -EINTR)
			break;
	}
	return result;
}

int path_open_in_root(int root, const char *path, int flags)
{
	return open_how(root, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

int path_open_same_mount(int root, const char *path, int flags)
{
	return open_how(root, path, flags,
			RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV);
}

int path_open_no_links(int root, const char *path, int flags)
{
	return open_how(root, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS);
}

// O_PATH with O_NOFOLLOW opens a link itself.
static bool is_link(int fd)
{
	struct stat status;
	return sys_call(SYS_newfstatat, fd, "", &status, AT_EMPTY_PATH) == 0 &&
	       S_ISLNK(status.st_mode);
}

static int make_part(int parent, const char *name, bool as_file)
{
	int result;
	if (as_file) {
		result = (int)sys_call(SYS_openat, parent, name,
				       O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0644);
		if (result >= 0) {
			sys_call(SYS_close, result);
			result = 0;
		}
	} else {
		result = (int)sys_call(SYS_mkdirat, parent, name, 0755);
	}
	if (result < 0 && result != -EEXIST)
		return result;
	bool was_there = result < 0; // a dangling link, or somebody who was faster
	result = open_how(parent, name, O_PATH | O_NOFOLLOW, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
	if (was_there && result >= 0 && is_link(result)) {
		sys_call(SYS_close, result);
		return -ENOENT;
	}
	return result;
}

// Length of the first part of `path`, and where the next one begins.
static size_t part_length(const char *path, size_t *ret_next)
{
	size_t length = 0;
	while (path[length] && path[length] != '/')
		length++;
	size_t next = length;
	while (path[next] == '/')
		next++;
	*ret_next = next;
	return length;
}

// Opens the longest part of the path's beginning that is there. `name` gets the path, *ret_at is
// where in it the rest begins.
static int open_last_there(int root, const char *path, char *name, size_t *ret_at)
{
	size_t at = strlen(path);
	int fd;
	memcpy(name, path, at + 1);
	do {
		while (at && name[at - 1] == '/')
			at--;
		while (at && name[at - 1] != '/')
			at--;
		name[at] = '\0';
		fd = path_open_in_root(root, at ? name : "/", O_PATH | O_DIRECTORY);
		name[at] = path[at];
	} while (fd == -ENOENT && at);
	*ret_at = at;
	return fd;
}

int path_make_in_root(int root, const char *path, enum path_kind kind)
{
	int fd = path_open_in_root(root, path, O_PATH);
	return fd == -ENOENT ? path_make_missing(root, path, kind) : fd;
}

int path_make_missing(int root, const char *path, enum path_kind kind)
{
	char name[PATH_LENGTH_MAX];
	if (strnlen(path, sizeof(name)) == sizeof(name))
		return -ENAMETOOLONG;
	size_t at;
	int parent = open_last_there(root, path, name, &at);
	while (parent >= 0 && name[at]) {
		size_t next, length = part_length(name + at, &next);
		bool last = !name[at + next];
		name[at + length] = '\0';
		int fd = make_part(parent, name + at, last && kind == PATH_FILE);
		at += next;
		sys_call(SYS_close, parent);
		parent = fd;
	}
	return parent;
}
