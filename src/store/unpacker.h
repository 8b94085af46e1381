// SPDX-License-Identifier: Apache-2.0
// unpacker.h - the helper programs that unpack a layer, and take one away
#pragma once

#include "store/blob.h"
#include "store/layer_map.h"

struct unpacker_want {
	int source;                  // the layer as it came
	int top;                     // the empty directory to unpack into
	int blob;                    // file for a copy of the source; -1: none
	const int *lowers;           // directories of the layers below, the topmost first
	size_t lowers_n;             // how many
	const struct store_map *map; // see layer_map.h
	uint64_t limit;              // bytes of the source
};

struct unpacker_result {
	struct store_blob blob;        // digest and size of the source
	char diff_id[DIGEST_TEXT + 1]; // digest of the tar in it
	uint64_t tar_size;             // bytes of the tar
	const char *codec;             // "none", "gzip", "zstd"
	uint64_t entries;              // of the tar
	uint64_t nodes_left_out;       // device nodes
	uint64_t xattrs_left_out;      // extended attributes
	const char *xattr;             // the name of the first of those; NULL: there are none
	bool by_lower;                 // it is another layer over others: see unpack.h
};

// Runs tare-unpack, and as root tare-nodes beside it. Nothing is synced but the blob.
int unpacker_run(struct arena *arena, const struct unpacker_want *want,
		 struct unpacker_result *ret_result);

// Reads what tare-unpack answers: a part of unpacker_run.
int unpacker_read(struct arena *arena, struct str reply, struct unpacker_result *ret_result);

// Writes what is in a compressed file into another, by tare-unpack. Bombs are errors.
int unpacker_inflate(struct arena *arena, int source, int target);

// Removes a tree of files that the ids of a map own: by ourselves, and where we may not, by
// tare-unpack in a user namespace. `maps` are as layer_map_arguments gives them.
int unpacker_remove(struct arena *arena, int parent, const char *name,
		    const struct layer_map_arguments *maps);
