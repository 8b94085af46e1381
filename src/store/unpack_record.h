// SPDX-License-Identifier: Apache-2.0
// unpack_record.h - what an unpacker asks another process to make, in bytes
//
// Whoever unpacks a hostile tar has few rights, and so can make neither device nodes nor marks
// under "trusted.". It asks for them by records, at the layer's end: everything else is made then,
// no file stands at a node's name, and the parent directories are there.
//
// On the wire a record is a head of 48 bytes and the path, without a NUL. All numbers are
// little-endian; the fields that a kind has no use for are zero.
//
//	 0 u32 magic "TARr"      16 u32 uid      32 s64 mtime, seconds after 1970
//	 4 u16 kind              20 u32 gid      40 u32 mtime, nanoseconds
//	 6 u16 bytes of path     24 u32 major    44 u32 zero
//	 8 u32 mode, with type   28 u32 minor    48 path
//	12 u32 zero
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum {
	UNPACK_RECORD_HEAD = 48,
	UNPACK_RECORD_PATH_MAX = 4095,
	UNPACK_RECORD_MAX = UNPACK_RECORD_HEAD + UNPACK_RECORD_PATH_MAX, // bytes of one at most
};

enum unpack_record_kind {
	UNPACK_NODE = 1,   // a character or block device that is to be made
	UNPACK_OPAQUE = 2, // a directory that is there, to get the mark trusted.overlay.opaque
};

struct unpack_record {
	enum unpack_record_kind kind;
	const char *path;  // relative to the layer's root and clean; no part is a symbolic link. Of
			   // a mark, "." is the root itself
	uint32_t mode;     // of a node: S_IFCHR or S_IFBLK, and permission bits
	uint32_t uid;      // of a node, as the tar says it: not mapped
	uint32_t gid;      // likewise
	uint32_t major;    // of a node; never 0:0 of a character device, which is a whiteout
	uint32_t minor;    // likewise
	int64_t mtime;     // of a node, seconds after 1970
	uint32_t mtime_ns; // and nanoseconds
};

// Writes the record into `bytes`. Returns how many they are.
size_t unpack_record_write(const struct unpack_record *record, char bytes[UNPACK_RECORD_MAX]);

// Reads the record at the beginning of `bytes`, and says how long it was. All is checked that can
// be without looking at files: the form of the path, the kinds, the ranges of the numbers. Returns
// 0, UNPACK_RECORD_SHORT when it is cut off, or -EINVAL, worded.
enum { UNPACK_RECORD_SHORT = 1 };
int unpack_record_read(struct arena *arena, struct str bytes, struct unpack_record *ret_record,
		       size_t *ret_used);
