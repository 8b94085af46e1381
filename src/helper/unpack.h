// SPDX-License-Identifier: Apache-2.0
// unpack.h - what tare-unpack is asked to do, and the stages it is made of
#pragma once

#include "base/buf.h"
#include "kern/namespaces/idmap.h"

enum {
	UNPACK_MEMORY = 1 << 30, // bytes of address space that a stage may have
};

struct unpack_job {
	struct id_maps maps; // ids in the layer to ids on disk
	bool owners;         // the maps have more than one id: files get their owners
	bool users_marks;    // opaque directories are marked by user.overlay.opaque
	uint64_t limit;      // bytes of the source that are taken at most
	int source;          // where the layer comes from, as it is: compressed or not
	int top;             // the directory that it is unpacked into; of `remove` the parent
	int blob;            // the file that a copy of the source goes to; -1: none
	int nodes;           // a socket to tare-nodes; -1: there is nobody who makes nodes
	const int *lowers;   // the directories of the layers below, the topmost first
	size_t lowers_n;
};

struct unpack_pump {
	const struct unpack_job *job;
	int from;           // a pipe's end, or the source
	int to;             // a pipe's end
	int copy;           // a file that all of it goes to, too; -1: none
	uint64_t limit;     // bytes
	const char *size;   // key of their number in the answer
	const char *sha256; // key of their digest
};

struct unpack_end {
	const struct unpack_job *job;
	int from; // a pipe's end
	int to;   // of the decompressor alone
};

// Passes bytes on, and answers how many they were and what their digest is. Reads no format.
int unpack_pump(struct arena *arena, void *pump, struct buf *answer);

// Reads compressed bytes, writes them as they are uncompressed; answers what they were compressed
// with.
int unpack_inflate(struct arena *arena, void *end, struct buf *answer);

// Reads a tar and makes its tree; answers what it made and left out.
int unpack_tree(struct arena *arena, void *end, struct buf *answer);

// Removes a tree.
struct unpack_remove {
	int parent;
	const char *name;
};
int unpack_remove(struct arena *arena, void *remove, struct buf *answer);
