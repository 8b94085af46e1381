// SPDX-License-Identifier: Apache-2.0
// overlay.h - layers that are read, and one directory that is written
#pragma once

struct overlay {
	const char *const *layers; // directories that are only read, the topmost first
	size_t layers_n;
	const char *upper; // gets the changes
	const char *work;  // empty, on the same file system, for the kernel's own use
	int ids;       // a user namespace whose maps the layers are seen through; -1: as they are
	bool user;     // in a user namespace: marks are kept in user.overlay.*, not trusted.*
	bool fleeting; // "volatile": nothing is synced, ever
	const char *point; // absolute path of a directory where it may lie for a moment
};

// Makes the overlay. Returns a mount descriptor as mount_new does, or a negative errno. Child-safe.
int overlay_new(const struct overlay *overlay);
