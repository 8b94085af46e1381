// SPDX-License-Identifier: Apache-2.0
// overlay.c - the union of several directories (overlayfs)
//
// A file is looked for in the upper directory, then in each layer from the top. Writing to a file
// of a layer copies it up first; removing one leaves a mark ("whiteout") in the upper directory.
// So any number of containers share an image's layers, and none sees another's changes. Without
// it every container would need a copy of the whole image.
//
// Three things the kernel does that one would not guess:
//
//   - An ordinary user's overlay mounts without "userxattr" too, and then fails with EIO at the
//     first removal, as its marks need privileges. So it is always given there.
//   - The last unmount of a writable overlay syncs the whole file system its upper directory lies
//     on, whoever dirtied it: up to a second on a busy disk. "volatile" leaves that out; it is
//     right when the directory is thrown away afterwards.
//   - A layer given as text may have 255 bytes, as fsconfig(2) takes no more. Longer paths are
//     given as /proc/self/fd/N.
//
// The layers are one text with colons between them, in which a colon of a name is escaped. Where
// that is too long, each is an option of its own ("lowerdir+"), which Linux has since 6.5.
#include "kern/overlay.h"

#include "base/sys.h"
#include "kern/mount.h"

#include <fcntl.h>

enum {
	TEXT_MAX = 256, // what fsconfig(2) takes, the NUL included
};

static int set_text(int fs, const char *key, const char *value)
{
	return (int)sys_call(SYS_fsconfig, fs, FSCONFIG_SET_STRING, key, value, 0);
}

static int set_flag(int fs, const char *key)
{
	return (int)sys_call(SYS_fsconfig, fs, FSCONFIG_SET_FLAG, key, NULL, 0);
}

// "/proc/self/fd/17" for a directory whose path is too long. The descriptor stays open until exec.
static int set_by_descriptor(int fs, const char *key, const char *path)
{
	int fd = (int)sys_call(SYS_openat, AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fd;
	char name[] = "/proc/self/fd/\0\0\0\0\0\0\0\0\0\0";
	size_t at = strlen(name), digits = 1;
	for (int n = fd; n >= 10; n /= 10)
		digits++;
	for (int n = fd; digits; n /= 10)
		name[at + --digits] = (char)('0' + n % 10);
	return set_text(fs, key, name);
}

static int set_directory(int fs, const char *key, const char *path)
{
	return strlen(path) < TEXT_MAX ? set_text(fs, key, path) : set_by_descriptor(fs, key, path);
}

// All layers in one text, if it fits.
static int set_joined(int fs, const struct overlay *overlay)
{
	char joined[TEXT_MAX];
	size_t n = 0;
	for (size_t i = 0; i < overlay->layers_n; i++) {
		const char *path = overlay->layers[i];
		for (size_t j = 0; path[j]; j++) {
			if (n + 4 > sizeof(joined))
				return -E2BIG;
			if (path[j] == ':' || path[j] == '\\')
				joined[n++] = '\\';
			joined[n++] = path[j];
		}
		joined[n++] = ':';
	}
	joined[n ? n - 1 : 0] = '\0';
	return set_text(fs, "lowerdir", joined);
}

static int set_layers(int fs, const struct overlay *overlay)
{
	int result = set_joined(fs, overlay);
	if (result != -E2BIG)
		return result;
	for (size_t i = 0; i < overlay->layers_n; i++)
		TRY(set_directory(fs, "lowerdir+", overlay->layers[i]));
	return 0;
}

static int configure(int fs, const struct overlay *overlay)
{
	TRY(set_text(fs, "source", "overlay"));
	TRY(set_layers(fs, overlay));
	TRY(set_directory(fs, "upperdir", overlay->upper));
	TRY(set_directory(fs, "workdir", overlay->work));
	if (overlay->user)
		TRY(set_flag(fs, "userxattr"));
	if (overlay->fleeting)
		TRY(set_flag(fs, "volatile"));
	return (int)sys_call(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
}

int overlay_new(const struct overlay *overlay)
{
	int fs = (int)sys_call(SYS_fsopen, "overlay", FSOPEN_CLOEXEC);
	if (fs < 0)
		return fs;
	int result = configure(fs, overlay);
	if (result >= 0)
		result = (int)sys_call(SYS_fsmount, fs, FSMOUNT_CLOEXEC, 0);
	sys_call(SYS_close, fs);
	return result;
}
