// SPDX-License-Identifier: Apache-2.0
// passwd.h - users and groups, looked up in the root's own /etc/passwd and /etc/group
#pragma once

#include "box/steps/walk.h"

// Looks up "USER[:GROUP]" (NULL: user 0) in the root: names in the files, numbers as they are. A
// text of digits is a number and never a name. Without GROUP the group is the one passwd gives, 0
// for a number that is not there, and the supplementary groups are those of /etc/group; with it the
// list is empty, as in Docker. HOME is what passwd gives, else "/".
//
// The files are hostile: only regular ones are read, in pieces, at most 4 MiB, lines over 4 KiB
// are passed over. Returns 0, -ENOKEY for an unknown user, -ENODATA for an unknown group, -ENOTUNIQ
// for more than WALK_GROUPS_MAX groups, -EFBIG for a file that is too large. Child-safe.
int passwd_look_up(int root, const char *text, struct walk_user *ret_user);

// Puts one more group on the user's list: a name of /etc/group, or a number as it is. Errors are
// those of passwd_look_up. Child-safe.
int passwd_add_group(int root, const char *text, struct walk_user *user);

// Opens such a file of the root's: a regular one, on the root's own file system. -ENOENT for
// anything else. Child-safe, as the next.
int passwd_open(int root, const char *path, int flags);

// 1 if the file has a line with the first or the third field of `line`, else 0; or an errno.
int passwd_has(int fd, const char *line);

// After -ENOKEY or -ENODATA of one of these: what names the file has. The nearest to the one that
// is not there goes to ret_why->other, the first ones to ret_why->interpreter, as a list with
// commas; either is empty where there is none. Child-safe.
void passwd_names(int root, const char *text, int error, struct exec_why *ret_why);
