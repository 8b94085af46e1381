// SPDX-License-Identifier: Apache-2.0
// mount_words.h - the options of a mount, parted by who heeds them
#pragma once

#include "oci/spec.h"

struct mount_words {
	uint64_t flags;   // of an OP_MOUNT or OP_BIND step: attributes of the mount itself, and how
	uint64_t below;   // attributes for what is mounted below it as well
	uint64_t cleared; // attributes taken away, likewise
	const char *data; // text for the file system; NULL: none
};

void plan_mount_words(struct arena *arena, const struct oci_mount *mount,
		      struct mount_words *ret_words);
