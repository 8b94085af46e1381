// SPDX-License-Identifier: Apache-2.0
// mountinfo.h - what is mounted where, as /proc/self/mountinfo tells it
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum {
	MOUNTINFO_BYTES_MAX = 64 << 20, // of the file: some 400,000 mounts
	MOUNTINFO_LINE_MAX = 64 << 10,  // of a line: an overlay's options fill a page, escaped four
};

struct mountinfo {
	uint32_t id;               // number of this mount
	uint32_t parent;           // number of the mount it lies on
	uint32_t major;            // the file system's device number
	uint32_t minor;            // likewise
	const char *root;          // the directory of the file system that shows here
	const char *target;        // where it is mounted, seen from our root
	const char *options;       // of this mount: "rw,nosuid"
	const char *propagation;   // "shared:1 master:2"; "" is private
	const char *type;          // "cgroup", "ext4", "fuse.sshfs"
	const char *source;        // a device, or any word; may be ""
	const char *super_options; // of the file system, for all its mounts
};

// Takes the next line off *rest. Returns 0, MOUNTINFO_END when nothing is left, -EINVAL when it is
// not such a line (which is then gone from *rest: who wants to may go on).
enum { MOUNTINFO_END = 1 };
int mountinfo_next(struct arena *arena, struct str *rest, struct mountinfo *ret_mount);

// Whether a comma separated list, such as `options`, has the word.
bool mountinfo_has(const char *list, const char *word);
