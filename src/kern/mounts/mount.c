// SPDX-License-Identifier: Apache-2.0
// mount.c - the mount interface that works on descriptors (Linux 5.2 and later)
//
// mount(2) takes names, and a name can come to mean another place between the check and the call.
// The newer calls take the steps apart: fsopen(2) begins a file system, fsconfig(2) gives it
// options, fsmount(2) makes a mount of it that is attached nowhere, open_tree(2) copies an existing
// mount, mount_setattr(2) makes either read-only, and move_mount(2) attaches it onto a descriptor
// that was opened inside the new root with openat2(2). Where it lands cannot change any more.
//
// That is five calls and more for one mount. Where nobody needs its descriptor, one does it that is
// as safe: to a process that has entered a directory by fchdir(2), mount(2)'s name for the target
// is ".", which means just that directory.
//
// Without a mount namespace every one of these would change the host's tree. Without private
// propagation a mount made inside would also appear outside, as systemd makes "/" shared.
//
// pivot_root(2) rather than chroot(2): a chroot leaves the old tree mounted, and a process with
// CAP_SYS_CHROOT walks out of it. After pivot_root the old root can be, and is, unmounted.
#include "kern/mounts/mount.h"

#include "base/sys.h"

#include <fcntl.h>

#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

enum {
	OPTION_MAX = 256,  // fsconfig(2) takes 255 bytes and a NUL
	UMOUNT_DETACH = 2, // MNT_DETACH of umount2(2), which only the C library's header has
};

static const char *until(const char *text, char stop)
{
	while (*text && *text != stop)
		text++;
	return text;
}

// Hands one option, "key" or "key=value", to the file system that is being set up.
static int configure(int fs, const char *option, size_t length)
{
	char key[OPTION_MAX];
	if (length >= sizeof(key))
		return -EOVERFLOW;
	memcpy(key, option, length);
	key[length] = '\0';
	char *equals = (char *)until(key, '=');
	if (!*equals)
		return (int)sys_call(SYS_fsconfig, fs, FSCONFIG_SET_FLAG, key, NULL, 0);
	*equals++ = '\0';
	if (*equals == '"' && key[length - 1] == '"') { // the quotes are mount(2)'s
		key[length - 1] = '\0';
		equals++;
	}
	return (int)sys_call(SYS_fsconfig, fs, FSCONFIG_SET_STRING, key, equals, 0);
}

// As mount(2) does: the file system itself is made read-only, where it is a new one. "silent" is
// mount(2)'s alone.
static int configure_super(int fs, uint64_t attributes)
{
	static const struct {
		uint64_t flag;
		const char *key;
	} table[] = {{MOUNT_ATTR_RDONLY, "ro"},
		     {MOUNT_SYNC, "sync"},
		     {MOUNT_DIRSYNC, "dirsync"},
		     {MOUNT_LAZYTIME, "lazytime"},
		     {MOUNT_IVERSION, "iversion"}};
	for (size_t i = 0; i < lengthof(table); i++)
		if (attributes & table[i].flag)
			TRY((int)sys_call(SYS_fsconfig, fs, FSCONFIG_SET_FLAG, table[i].key, NULL,
					  0));
	return 0;
}

// The end of an option: a comma that is not between quotes, as SELinux's contexts have some.
static const char *option_end(const char *data)
{
	for (bool quoted = false; *data && (quoted || *data != ','); data++)
		quoted ^= *data == '"';
	return data;
}

static int configure_data(int fs, const char *data)
{
	while (data && *data) {
		const char *end = option_end(data);
		TRY(configure(fs, data, (size_t)(end - data)));
		data = *end ? end + 1 : end;
	}
	return 0;
}

static int configure_all(int fs, const char *source, const char *data, uint64_t attributes)
{
	TRY(configure_super(fs, attributes));
	if (source)
		TRY((int)sys_call(SYS_fsconfig, fs, FSCONFIG_SET_STRING, "source", source, 0));
	TRY(configure_data(fs, data));
	return (int)sys_call(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
}

int mount_new(const char *type, const char *source, const char *data, uint64_t attributes)
{
	int fs = (int)sys_call(SYS_fsopen, type, FSOPEN_CLOEXEC);
	if (fs < 0)
		return fs;
	int result = configure_all(fs, source, data, attributes);
	if (result >= 0)
		result = (int)sys_call(SYS_fsmount, fs, FSMOUNT_CLOEXEC,
				       attributes & ~(uint64_t)MOUNT_SUPER);
	sys_call(SYS_close, fs);
	return result;
}

int mount_reconfigure(int target, const char *data, uint64_t attributes)
{
	int fs = (int)sys_call(SYS_fspick, target, "", FSPICK_CLOEXEC | FSPICK_EMPTY_PATH);
	if (fs < 0)
		return fs;
	int result = configure_super(fs, attributes);
	if (result >= 0)
		result = configure_data(fs, data);
	if (result >= 0)
		result = (int)sys_call(SYS_fsconfig, fs, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0);
	sys_call(SYS_close, fs);
	return result;
}

static unsigned long flags_of(uint64_t attributes)
{
	static const struct {
		uint64_t attribute;
		unsigned long flag;
	} same[] = {
		{MOUNT_ATTR_RDONLY, MS_RDONLY},         {MOUNT_ATTR_NOSUID, MS_NOSUID},
		{MOUNT_ATTR_NODEV, MS_NODEV},           {MOUNT_ATTR_NOEXEC, MS_NOEXEC},
		{MOUNT_ATTR_NOATIME, MS_NOATIME},       {MOUNT_ATTR_STRICTATIME, MS_STRICTATIME},
		{MOUNT_ATTR_NODIRATIME, MS_NODIRATIME}, {MOUNT_ATTR_NOSYMFOLLOW, MS_NOSYMFOLLOW},
		{MOUNT_SYNC, MS_SYNCHRONOUS},           {MOUNT_DIRSYNC, MS_DIRSYNC},
		{MOUNT_LAZYTIME, MS_LAZYTIME},          {MOUNT_SILENT, MS_SILENT},
		{MOUNT_IVERSION, MS_I_VERSION},
	};
	unsigned long flags = 0;
	for (size_t i = 0; i < lengthof(same); i++)
		if (attributes & same[i].attribute)
			flags |= same[i].flag;
	return flags;
}

int mount_on(int directory, const char *type, const char *source, const char *data,
	     uint64_t attributes)
{
	TRY((int)sys_call(SYS_fchdir, directory));
	return (int)sys_call(SYS_mount, source, ".", type, flags_of(attributes), data);
}

int mount_copy(int at, const char *path, bool recursive)
{
	unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH;
	return (int)sys_call(SYS_open_tree, at, path, flags | (recursive ? AT_RECURSIVE : 0u));
}

int mount_attach(int mount, int target)
{
	return (int)sys_call(SYS_move_mount, mount, "", target, "",
			     MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

int mount_set(int mount, uint64_t set, uint64_t clear, bool recursive)
{
	// All words about access times are one field of several bits.
	if ((set | clear) & MOUNT_ATTR__ATIME)
		clear |= MOUNT_ATTR__ATIME;
	struct mount_attr attr = {.attr_set = set, .attr_clr = clear};
	unsigned flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0u);
	return (int)sys_call(SYS_mount_setattr, mount, "", flags, &attr, sizeof(attr));
}

int mount_propagate(int mount, unsigned long propagation, bool recursive)
{
	struct mount_attr attr = {.propagation = propagation};
	unsigned flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0u);
	return (int)sys_call(SYS_mount_setattr, mount, "", flags, &attr, sizeof(attr));
}

int mount_idmap(int mount, int user_namespace, bool recursive)
{
	struct mount_attr attr = {
		.attr_set = MOUNT_ATTR_IDMAP,
		.userns_fd = (uint64_t)user_namespace,
	};
	unsigned flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0u);
	return (int)sys_call(SYS_mount_setattr, mount, "", flags, &attr, sizeof(attr));
}

int mount_make_all_private(void)
{
	return (int)sys_call(SYS_mount, NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

int mount_pivot(int root)
{
	TRY((int)sys_call(SYS_fchdir, root));
	return (int)sys_call(SYS_pivot_root, ".", ".");
}

int mount_detach_old_root(void)
{
	// The working directory is the new root, "." names what is mounted on top of it: the old.
	TRY((int)sys_call(SYS_umount2, ".", UMOUNT_DETACH));
	return (int)sys_call(SYS_chdir, "/");
}
