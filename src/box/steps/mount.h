// SPDX-License-Identifier: Apache-2.0
// mount.h - what the steps that mount share
//
// The first three are for INIT: system calls only, bare negative errnos.
#pragma once

#include "box/steps/op.h"

// Closes a descriptor; a negative one is none.
void mount_drop(int fd);

// Attaches the mount onto the target and closes both. One that is negative is an error to pass on.
int mount_finish(int mount, int target);

// Finds or makes the target of a step that binds (its b), as fits a directory or a file; the other
// kind is an error. *ret_there says whether it had not to be made. Leaves walk.detail as binds do.
int mount_find_target(struct walk *walk, const struct step *step, bool directory, bool *ret_there);

// The file type and permissions of what a descriptor is open on.
int mount_mode_of(int fd);

// Adds the path of a target below the script's "$root".
void mount_target_script(struct buf *out, const char *path);

// Adds attributes in the words of mount(8), and after them the options of a file system (NULL:
// none), with commas between all.
void mount_words(struct buf *out, uint64_t attributes, const char *data);

// Makes a file of the script's root where it is missing, with its parents.
void mount_file_script(struct buf *out, const char *path);
