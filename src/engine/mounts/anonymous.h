// SPDX-License-Identifier: Apache-2.0
// anonymous.h - volumes without a name: of -v PATH, of --mount type=volume, of an image
#pragma once

#include "base/str.h"
#include "oci/spec.h"

// Makes the mount of one on `path` in the container, whose source is still open. With `copy` it
// begins with what the container's root holds there. `flag` and `text` are for messages.
int anonymous_volume(struct arena *arena, const char *flag, const char *text, struct str path,
		     bool copy, struct oci_mount *ret_mount);

// Those that an image wants, but where one of the `n` mounts has the same destination. *ret_volumes
// is as long as the list at most.
int anonymous_of_image(struct arena *arena, const struct oci_strings *paths,
		       const struct oci_mount *mounts, size_t n, struct oci_mount *ret_volumes,
		       size_t *ret_n);

// Whether a mount is such a volume.
bool is_anonymous(const struct oci_mount *mount);

// Whether it needs a directory of the container's own: a volume, or an overlay for its changes.
bool needs_directory(const struct oci_mount *mount);

// Gives each of the mounts that needs one a directory below `state`, the container's own: as the
// source of a volume, as the scratch of an overlay. They are removed with it.
void anonymous_place(struct arena *arena, const char *state, struct oci_mount *mounts, size_t n);
