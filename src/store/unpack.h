// SPDX-License-Identifier: Apache-2.0
// unpack.h - a layer's tar into a directory
#pragma once

#include "base/arena.h"
#include "flow/stream.h"
#include "store/unpack_record.h"

enum {
	UNPACK_DEPTH_MAX = 256,           // parts of a path in a layer
	UNPACK_ENTRIES_MAX = 1 << 21,     // entries of a layer
	UNPACK_LINKS_MAX = 40,            // symbolic links that one path may lead through
	UNPACK_DEFERRED_MAX = 1 << 14,    // hard links whose target has not come yet
	UNPACK_XATTR_BYTES_MAX = 1 << 26, // bytes of extended attributes kept for directories
};

// How a directory is marked that hides what the layers below hold under its name.
enum unpack_marks {
	UNPACK_MARKS_USER,    // user.overlay.opaque: for overlays mounted with userxattr
	UNPACK_MARKS_TRUSTED, // trusted.overlay.opaque: takes CAP_SYS_ADMIN outside of namespaces
	UNPACK_MARKS_PASSED,  // a record for another process to set
};

struct unpack_want {
	int top;               // the directory to fill: empty, and nobody else writes to it
	struct stream *source; // the tar; read to its end, unless there is an error
	bool owners;           // set each file's owner; otherwise all are the caller's
	enum unpack_marks marks;
	// Takes what cannot be made here, at the layer's end; returns 0 or an error, worded. NULL:
	// nobody makes device nodes. Then those below dev/ are left out and counted (a container
	// gets a /dev of its own), and one elsewhere is an error.
	int (*pass)(void *context, const struct unpack_record *record);
	void *context;     // what `pass` is given
	const int *lowers; // the directories of the layers below, the topmost first, to read in:
	size_t lowers_n;   // for what an entry takes over from them (see unpack_result)
	uint64_t
		bytes_max; // bytes of content that may be written; 0: what the file system has free
};

struct unpack_result {
	uint64_t entries; // that the tar had
	uint64_t bytes;   // of content that were written
	uint64_t records; // that were passed on
	uint64_t nodes;   // device nodes that were left out
	uint64_t xattrs;  // extended attributes that were left out
	char xattr[256];  // the name of the first of those, or empty
	// What lies below decides what the layer is, even if nothing does: it has a directory
	// without an entry, whose owner and mode it takes from there, or links to a file there.
	bool by_lower;
};

// Makes all entries of the archive in the directory. No file outside of it is opened, made or
// changed, whatever the archive says; links in the middle of a path are taken inside. What the
// layer takes away from those below is said as an overlay says it. Nothing is synced: that is done
// once, by the caller. After an error the directory holds a part of the layer, and no record was
// passed on unless it is `pass` that failed.
int unpack_layer(struct arena *arena, const struct unpack_want *want,
		 struct unpack_result *ret_result);
