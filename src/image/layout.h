// SPDX-License-Identifier: Apache-2.0
// layout.h - an OCI image layout that somebody else made: a directory, or a tar of one
//
// Image specification, image-layout.md: oci-layout says that it is one, index.json lists the
// images, blobs/sha256/<hex> are the bytes with that digest. skopeo, buildah, umoci and docker save
// make them. Nothing in it is believed: names of files are made of checked digests, and what is
// opened must be a regular file below the directory. Digests are not computed here.
#pragma once

#include "image/source.h"

struct layout_file; // an entry of an archive

struct layout {
	struct image_source source; // gives documents whose size is right and whose digest is not
				    // computed
	int fd;                     // the directory or the archive
	bool is_archive;
	struct layout_file *files; // of an archive
	size_t files_n;
};

#define LAYOUT_NONE      ((struct layout){.fd = -1})
#define _cleanup_layout_ _cleanup_(layout_close)

// Opens it; `name` is what messages call it. In the directory `scratch` a compressed archive is
// decompressed, into a file without a name. `ret_layout` must be LAYOUT_NONE before.
int layout_open(struct arena *arena, const char *name, const char *path, bool archive,
		const char *scratch, struct layout *ret_layout);
void layout_close(struct layout *layout);

// The text of index.json.
int layout_index(struct arena *arena, struct layout *layout, struct str *ret_text);

// The bytes of a blob, to be read to their end. Those of an archive come through a pipe that a
// process of ours fills.
struct layout_blob {
	int fd;
	pid_t feeder; // 0: none
};

#define LAYOUT_BLOB_NONE      ((struct layout_blob){.fd = -1})
#define _cleanup_layout_blob_ _cleanup_(layout_blob_close)

// Opens the blob of a descriptor, which must have the size told there.
int layout_blob(struct arena *arena, struct layout *layout, const struct oci_descriptor *descriptor,
		struct layout_blob *ret_blob);
void layout_blob_close(struct layout_blob *blob);
