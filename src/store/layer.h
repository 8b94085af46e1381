// SPDX-License-Identifier: Apache-2.0
// layer.h - the layers of images, kept unpacked by the digest of their tar
#pragma once

#include "base/arena.h"
#include "base/str.h"

// Tells the directory where a layer is, or would be: "<store>/layers/sha256/<hex>". Looks at no
// file.
int store_layer_name(struct arena *arena, const char *store, const char *diff_id,
		     const char **ret_directory);

// Tells the directory that holds the layer, unpacking it there when it is not there yet; when it
// is, that is one system call and `tar` is not looked at. `store` must exist. `diff_id` is the
// digest of `tar`, and the caller answers for that.
//
// Any number of processes may do this at once: one unpacks, the others wait for it. The directory
// appears whole or not at all, whenever a process is killed or the power fails.
//
// Owners are set as root only; for others every file is the caller's. Returns 0 or an error.
int store_layer(struct arena *arena, const char *store, const char *diff_id, struct str tar,
		const char **ret_directory);
