// SPDX-License-Identifier: Apache-2.0
// mount_data.h - the text operand of a mount step: options of the file system, and its source
//
// "size=64k,mode=755,source=shm": what /proc/self/mountinfo will call the source comes last and
// reaches to the end, so that it may hold commas. Without one it is the type's name, as Docker has
// it for the file systems of the kernel's.
#pragma once

#include "base/buf.h"
#include "box/plan.h"

enum { MOUNT_DATA_MAX = 4096 };

struct mount_data {
	const char *options; // NULL: none
	const char *source;
	char room[MOUNT_DATA_MAX]; // where options may lie
};

// Parts the step's text. Returns 0 or -EOVERFLOW.
int mount_data_read(const struct step *step, struct mount_data *ret_data);

// Adds the mode to the options: "size=64k" and 1750 give "size=64k,mode=1750". 0 or -EOVERFLOW.
int mount_data_add_mode(struct mount_data *data, int mode);

// The operand, of both; either may be NULL.
const char *mount_data_text(struct arena *arena, const char *options, const char *source);
