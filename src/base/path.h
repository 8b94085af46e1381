// SPDX-License-Identifier: Apache-2.0
// path.h - names that came from outside, resolved inside a directory they cannot leave
//
// A container's file system is hostile: any part of a path may be a symbolic link to "/etc" or
// "../../..". Comparing strings does not help, as the link can be swapped in afterwards. openat2(2)
// does: the kernel itself resolves the whole name beneath a directory descriptor, and hands back a
// descriptor that stays right whatever happens to the name later.
//
// These functions return bare negative errnos and use neither errno nor the arena, so a
// container's first process may call them. A descriptor they return is O_PATH and close-on-exec.
#pragma once

enum { PATH_LENGTH_MAX = 4096 }; // the kernel's own limit, the NUL included

// Opens `path` as a process would see it whose root directory is `root`: absolute links and ".."
// are taken to be inside. Links of /proc that lead elsewhere ("magic links") are refused.
// `flags` are those of open(2), O_CLOEXEC is added. Returns the descriptor or a negative errno.
int path_open_in_root(int root, const char *path, int flags);

// The same, and what is mounted below the root is not entered: -EXDEV then.
int path_open_same_mount(int root, const char *path, int flags);

// The same as the first for a name that may not pass any symbolic link at all (-ELOOP then).
int path_open_no_links(int root, const char *path, int flags);

// What a mount target is made as when it is not there.
enum path_kind { PATH_DIRECTORY, PATH_FILE };

// Resolves a mount target in the root and makes the missing parts: directories (0755), and the
// last part as `kind` says. An existing target is taken as it is. Returns an O_PATH descriptor or
// a negative errno; a dangling link on the way is -ENOENT.
int path_make_in_root(int root, const char *path, enum path_kind kind);

// The second half of that, for whoever has seen -ENOENT himself.
int path_make_missing(int root, const char *path, enum path_kind kind);
