// SPDX-License-Identifier: Apache-2.0
// mount.h - making, copying and placing mounts by descriptor
//
// All of these may be called in a container's first process: system calls only, bare negative
// errnos. A mount descriptor is O_PATH-like and close-on-exec; the mount lives as long as the
// descriptor, or, once attached, as the mount namespace.
#pragma once

#include <linux/mount.h>

// What is of a file system as a whole rather than of one mount of it: beside MOUNT_ATTR_… flags in
// the attributes of a new one.
enum {
	MOUNT_SYNC = 1ull << 44,     // writes go to the disk at once
	MOUNT_DIRSYNC = 1ull << 45,  // those to directories do
	MOUNT_LAZYTIME = 1ull << 46, // times wait in memory
	MOUNT_SILENT = 1ull << 47,   // the kernel logs less
	MOUNT_IVERSION = 1ull << 48, // each change of a file is counted
	MOUNT_SUPER = MOUNT_SYNC | MOUNT_DIRSYNC | MOUNT_LAZYTIME | MOUNT_SILENT | MOUNT_IVERSION,
};

// A new instance of a file system of the kernel's, attached nowhere yet. `data` are its options,
// "mode=755,size=64k" (NULL: none); `attributes` are MOUNT_ATTR_… flags. Returns a mount
// descriptor, -EOVERFLOW when an option is longer than the 255 bytes fsconfig(2) takes.
int mount_new(const char *type, const char *source, const char *data, uint64_t attributes);

// The same, mounted at once on what `directory` is open on. It becomes the working directory (what
// it was before the mount covered it). `data` may have a page.
int mount_on(int directory, const char *type, const char *source, const char *data,
	     uint64_t attributes);

// A copy of the mount at `path` (from `at`; "" is `at` itself), with what is mounted below it where
// `recursive`. Returns a mount descriptor.
int mount_copy(int at, const char *path, bool recursive);

// Changes the file system that is mounted at what `target` is open on, by options and flags as of a
// new one.
int mount_reconfigure(int target, const char *data, uint64_t attributes);

// Puts a detached mount onto what `target` is open on.
int mount_attach(int mount, int target);

// Changes attributes of the mount, and of all below it where `recursive`.
int mount_set(int mount, uint64_t set, uint64_t clear, bool recursive);

// Changes how mount events travel, of it and of all below where `recursive`: MS_SHARED, MS_SLAVE,
// MS_UNBINDABLE.
int mount_propagate(int mount, unsigned long propagation, bool recursive);

// Shows other ids than the file system has, of a mount that is attached nowhere yet: the ids inside
// of `user_namespace` are the file system's, those outside what is seen. Linux 5.12 and later, and
// for the file systems that take part.
int mount_idmap(int mount, int user_namespace, bool recursive);

// Makes every mount of this namespace private: what is mounted here is not seen outside, nor the
// other way round.
int mount_make_all_private(void);

// Makes `root` the root of this mount namespace, the old one lying mounted on top of it until
// mount_detach_old_root.
int mount_pivot(int root);
int mount_detach_old_root(void);
