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
// that is too long, each is an option of its own ("lowerdir+"), which Linux has since 6.5. Before,
// there is mount(2), whose options are one page: 127 layers fit there when their names are short.
// So each is opened, the working directory is made /proc/self/fd, and a layer is the number of its
// descriptor. What is mounted so is copied to a descriptor, and taken away again.
//
// A layer whose owners are numbers of a container's inside is given as a mount, attached nowhere,
// that shows them as those outside. Then a file that is written is copied up with the owner that
// was shown.
#include "kern/mounts/overlay.h"

#include "base/sys.h"
#include "kern/mounts/mount.h"

#include <fcntl.h>
#include <sys/mount.h>

enum {
	TEXT_MAX = 256,  // what fsconfig(2) takes, the NUL included
	PAGE_MAX = 4096, // what mount(2) takes
	DIGITS_MAX = 10, // of a descriptor
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

// "lowerdir+" with a mount that shows the layer through the ids. It stays open until exec.
static int set_mapped(int fs, const char *path, int ids)
{
	int mount = mount_copy(AT_FDCWD, path, false);
	if (mount < 0)
		return mount;
	TRY(mount_idmap(mount, ids, false));
	return (int)sys_call(SYS_fsconfig, fs, FSCONFIG_SET_FD, "lowerdir+", NULL, mount);
}

static int set_layers(int fs, const struct overlay *overlay)
{
	for (size_t i = 0; i < overlay->layers_n && overlay->ids >= 0; i++)
		TRY(set_mapped(fs, overlay->layers[i], overlay->ids));
	if (overlay->ids >= 0)
		return 0;
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

static int new_by_descriptors(const struct overlay *overlay)
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

// --- mount(2) -----------------------------------------------------------------------------------

struct page {
	char text[PAGE_MAX];
	size_t n;
	int fd[PAGE_MAX / 4]; // that stand in it
	size_t fds;
};

static int page_add(struct page *page, const char *text)
{
	size_t n = strlen(text);
	if (page->n + n >= sizeof(page->text))
		return -E2BIG;
	memcpy(page->text + page->n, text, n + 1);
	page->n += n;
	return 0;
}

// The number of a descriptor for the directory.
static int page_add_directory(struct page *page, const char *before, const char *path)
{
	char digits[DIGITS_MAX + 1] = "";
	size_t at = DIGITS_MAX;
	if (page->fds == lengthof(page->fd))
		return -E2BIG;
	int fd = (int)sys_call(SYS_openat, AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fd;
	page->fd[page->fds++] = fd;
	do {
		digits[--at] = (char)('0' + fd % 10);
		fd /= 10;
	} while (fd);
	TRY(page_add(page, before));
	return page_add(page, digits + at);
}

static int page_fill(struct page *page, const struct overlay *overlay)
{
	for (size_t i = 0; i < overlay->layers_n; i++)
		TRY(page_add_directory(page, i ? ":" : "lowerdir=", overlay->layers[i]));
	TRY(page_add_directory(page, ",upperdir=", overlay->upper));
	TRY(page_add_directory(page, ",workdir=", overlay->work));
	if (overlay->user)
		TRY(page_add(page, ",userxattr"));
	return overlay->fleeting ? page_add(page, ",volatile") : 0;
}

// Mounts it at the point, looking the numbers up in /proc/self/fd.
static int page_mount(const struct page *page, const char *point)
{
	int here = (int)sys_call(SYS_openat, AT_FDCWD, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (here < 0)
		return here;
	int result = (int)sys_call(SYS_chdir, "/proc/self/fd");
	if (result >= 0)
		result = (int)sys_call(SYS_mount, "overlay", point, "overlay", 0, page->text);
	sys_call(SYS_fchdir, here);
	sys_call(SYS_close, here);
	return result;
}

static int new_by_page(const struct overlay *overlay)
{
	struct page page;
	page.n = page.fds = 0;
	int result = page_fill(&page, overlay);
	if (result >= 0)
		result = page_mount(&page, overlay->point);
	while (page.fds)
		sys_call(SYS_close, page.fd[--page.fds]);
	if (result < 0)
		return result;
	result = (int)sys_call(SYS_open_tree, AT_FDCWD, overlay->point,
			       OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	sys_call(SYS_umount2, overlay->point, MNT_DETACH);
	return result;
}

// Whether the layers fit into one text of fsconfig(2).
static bool are_few(const struct overlay *overlay)
{
	size_t n = 0;
	for (size_t i = 0; i < overlay->layers_n; i++)
		for (const char *c = overlay->layers[i]; n <= TEXT_MAX && *c; c++)
			n += *c == ':' || *c == '\\' ? 2 : 1;
	return n + overlay->layers_n <= TEXT_MAX;
}

int overlay_new(const struct overlay *overlay)
{
	int result = new_by_descriptors(overlay);
	// A kernel that lacks "lowerdir+" says so only when all was told.
	if (result < 0 && overlay->point && overlay->ids < 0 && !are_few(overlay))
		result = new_by_page(overlay);
	return result;
}
