// SPDX-License-Identifier: Apache-2.0
// layer.h - the layers of images, kept unpacked by the digest of their tar and by their id map
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "oci/lists.h"
#include "store/blob.h"
#include "store/layer_map.h"

// Tells the directory where a layer is, or would be: "<store>/layers/<map>/<hex>". Looks at no
// file. A layer that took something from those below (store/unpack.h) is elsewhere:
// store_layer_find knows.
int store_layer_name(struct arena *arena, const char *store, const char *diff_id,
		     const struct store_map *map, const char **ret_directory);

// Tells the directory that holds the layer, one access(2) for most; STORE_LAYER_MISSING when it is
// not unpacked for this map. `lowers` are the directories of the layers below it, as these
// functions told them, the topmost first.
enum { STORE_LAYER_MISSING = 1 };
int store_layer_find(struct arena *arena, const char *store, const char *diff_id,
		     const struct store_map *map, const struct oci_strings *lowers,
		     const char **ret_directory);

struct store_layer_source {
	int fd;              // the layer as it came: plain, gzip or zstd; read to its end
	const char *digest;  // what its bytes must have; NULL: whatever they have
	int64_t size;        // how many they must be; -1: up to `limit`
	uint64_t limit;      // more bytes than this are an error
	const char *diff_id; // the digest that its tar must have; NULL: whatever it has
	bool keep_blob;      // keep the bytes, too: see blob.h
};

struct store_layer {
	const char *directory;         // where it is
	char diff_id[DIGEST_TEXT + 1]; // "sha256:…" of the tar
	struct store_blob blob; // digest and size of the bytes. Size 0: it was there already, and
				// was not read
	const char *codec; // "none", "gzip" or "zstd"; NULL when it was not read, and the rest 0
	uint64_t tar_size; // bytes of the tar
	uint64_t entries;  // of the tar
	uint64_t nodes_left_out;  // device nodes below dev/, which an ordinary user can't make
	uint64_t xattrs_left_out; // extended attributes that can't be set here
	const char *xattr;        // the name of the first of those, or NULL
};

// Unpacks a layer into the store, unless it is there. The work is done by jailed helper programs,
// which hash as they go; nothing gets its name before all digests are as expected, and everything
// is on disk. Any number of processes may do this at once: one unpacks, the others wait for it. The
// layer and the blob appear whole or not at all, whenever a process is killed or the power fails.
// `store` must exist. With `lowers` the diff id must be known.
int store_layer_add(struct arena *arena, const char *store, const struct store_layer_source *source,
		    const struct oci_strings *lowers, const struct store_map *map,
		    struct store_layer *ret_layer);

// Tells the directory of a layer whose bytes are kept as a blob, unpacking that where the layer is
// not there for this map.
int store_layer_open(struct arena *arena, const char *store, const char *diff_id, const char *blob,
		     const struct oci_strings *lowers, const struct store_map *map,
		     const char **ret_directory);

// The same for a layer that tare itself carries, as a tar in memory that is believed, with
// `diff_id` for its digest. It is unpacked by this very process, unless the map takes a user
// namespace.
int store_layer(struct arena *arena, const char *store, const char *diff_id, struct str tar,
		const struct store_map *map, const char **ret_directory);

// Removes a layer as it is unpacked for any map, and over any others. Nobody may be using it: the
// caller answers for that.
int store_layer_remove(struct arena *arena, const char *store, const char *diff_id);

// Removes what killed processes left anywhere among layers and blobs. An error to remove something
// is no error: the next one tries again.
void store_sweep(struct arena *arena, const char *store);
