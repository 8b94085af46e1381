// SPDX-License-Identifier: Apache-2.0
// manifest.c - the image manifest, as a table
#include "oci/manifest.h"

static const struct shape_field fields[] = {
	SHAPE_NUMBER_IS("schemaVersion", 2),
	SHAPE_TEXT_OF("mediaType", struct oci_manifest, media_type, .check = media_type_check),
	SHAPE_TEXT_OF("artifactType", struct oci_manifest, artifact_type,
		      .check = media_type_check),
	SHAPE_OBJECT_OF("config", struct oci_manifest, config, struct oci_descriptor,
			&oci_descriptor_shape, .flags = SHAPE_REQUIRED),
	SHAPE_OBJECTS_OF("layers", struct oci_manifest, layers, layers_n, struct oci_descriptor,
			 &oci_descriptor_shape, .flags = SHAPE_REQUIRED | SHAPE_FILLED),
	SHAPE_POINTER_OF("subject", struct oci_manifest, subject, struct oci_descriptor,
			 &oci_descriptor_shape),
	OCI_PAIRS_OF("annotations", struct oci_manifest, annotations),
	OCI_UNKNOWN_KEYS(struct oci_manifest, unknown),
};
static const struct shape shape = SHAPE("manifest", struct oci_manifest, fields);

int oci_manifest_parse(struct arena *arena, struct str text, struct oci_manifest *ret_manifest)
{
	return shape_parse(arena, &shape, text, ret_manifest);
}

void oci_manifest_print(struct buf *buf, const struct oci_manifest *manifest)
{
	struct json_writer json = json_writer_new(buf, JSON_COMPACT);
	shape_print(&json, &shape, manifest);
}
