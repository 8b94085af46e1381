// SPDX-License-Identifier: Apache-2.0
// descriptor.h - the pointer of the image world: what it is, how large, and its digest
//
// Image specification, descriptor.md. Everything an image consists of is reached through
// descriptors, and what is fetched for one is believed only if size and digest agree.
#pragma once

#include "oci/lists.h"

#define OCI_MEDIA_INDEX      "application/vnd.oci.image.index.v1+json"
#define OCI_MEDIA_MANIFEST   "application/vnd.oci.image.manifest.v1+json"
#define OCI_MEDIA_CONFIG     "application/vnd.oci.image.config.v1+json"
#define OCI_MEDIA_LAYER      "application/vnd.oci.image.layer.v1.tar"
#define OCI_MEDIA_LAYER_GZIP "application/vnd.oci.image.layer.v1.tar+gzip"
#define OCI_MEDIA_LAYER_ZSTD "application/vnd.oci.image.layer.v1.tar+zstd"
#define OCI_MEDIA_EMPTY      "application/vnd.oci.empty.v1+json"

#define DOCKER_MEDIA_INDEX    "application/vnd.docker.distribution.manifest.list.v2+json"
#define DOCKER_MEDIA_MANIFEST "application/vnd.docker.distribution.manifest.v2+json"
#define DOCKER_MEDIA_CONFIG   "application/vnd.docker.container.image.v1+json"
#define DOCKER_MEDIA_LAYER    "application/vnd.docker.image.rootfs.diff.tar.gzip"

struct oci_platform {
	const char *architecture; // Go's names: "amd64", "arm64"
	const char *os;           // "linux"
	const char *os_version;   // Windows builds
	struct oci_strings os_features;
	const char *variant; // "v7" of arm
};

struct oci_descriptor {
	const char *media_type;        // what the bytes are
	const char *digest;            // their name; of any algorithm, digest_parse takes sha256
	int64_t size;                  // how many there are
	struct oci_strings urls;       // where else they may be had; tare never follows these
	const char *data;              // the bytes themselves in base64; NULL: not embedded
	const char *artifact_type;     // of a manifest that is no image
	struct oci_platform *platform; // in an index: what it runs on; NULL: not said
	struct oci_pairs annotations;
};

extern const struct shape oci_descriptor_shape;

// A shape's check of a media type, as RFC 6838 names them ("application/json").
const char *media_type_check(const char *text);

// Reads one descriptor. Unlike whole documents it has nowhere to report unknown keys: they are
// errors.
int oci_descriptor_parse(struct arena *arena, struct str text, struct oci_descriptor *ret);
void oci_descriptor_print(struct buf *buf, const struct oci_descriptor *descriptor);
