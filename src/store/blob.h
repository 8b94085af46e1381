// SPDX-License-Identifier: Apache-2.0
// blob.h - content by its digest: blobs/sha256 of the store, as in every OCI image layout
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "oci/digest.h"

struct store_blob_source {
	int fd;             // read from where it stands to its end; -1: it is `text`
	struct str text;    // the bytes, where there is no descriptor
	const char *digest; // what they must have; NULL: whatever they have
	int64_t size;       // how many they must be; -1: up to `limit`
	uint64_t limit;     // more bytes than this are an error
};

struct store_blob {
	char digest[DIGEST_TEXT + 1]; // "sha256:…"
	uint64_t size;                // bytes
};

// Puts the bytes into the store and tells their digest and size. They are hashed while they are
// copied, by a helper program (tare-blob), synced, checked against what is expected, and then given
// their name: whole, or not at all. That they are there already is fine. `store` must exist.
int store_blob_add(struct arena *arena, const char *store, const struct store_blob_source *source,
		   struct store_blob *ret_blob);

// "<store>/blobs/sha256/<hex>"; looks at no file.
int store_blob_name(struct arena *arena, const char *store, const char *digest,
		    const char **ret_path);

// Opens it for reading: -ENOENT, worded, where it is not there.
int store_blob_open(struct arena *arena, const char *store, const char *digest, int *ret_fd);

// Removes it; that it is gone already is fine.
int store_blob_remove(struct arena *arena, const char *store, const char *digest);

// Opens the directory of blobs, which is made where it is missing, and removes what killed
// processes left in it. For the files of this folder.
int store_blobs_open(struct arena *arena, const char *store, int *ret_fd);

// Checks what a source turned out to be against what is expected of it. `what` is its noun.
int store_blob_check(const char *what, const struct store_blob *blob, const char *digest,
		     int64_t size);

// A file in memory with these bytes, to be read from its beginning.
int store_blob_file(struct str text, int *ret_fd);
