// SPDX-License-Identifier: Apache-2.0
// index.c - the image index, as a table
#include "oci/index.h"

static const struct shape_field fields[] = {
	SHAPE_NUMBER_IS("schemaVersion", 2),
	SHAPE_TEXT_OF("mediaType", struct oci_index, media_type, .check = media_type_check),
	SHAPE_TEXT_OF("artifactType", struct oci_index, artifact_type, .check = media_type_check),
	SHAPE_OBJECTS_OF("manifests", struct oci_index, manifests, manifests_n,
			 struct oci_descriptor, &oci_descriptor_shape, .flags = SHAPE_REQUIRED),
	SHAPE_POINTER_OF("subject", struct oci_index, subject, struct oci_descriptor,
			 &oci_descriptor_shape),
	OCI_PAIRS_OF("annotations", struct oci_index, annotations),
	OCI_UNKNOWN_KEYS(struct oci_index, unknown),
};
static const struct shape shape = SHAPE("index", struct oci_index, fields);

int oci_index_parse(struct arena *arena, struct str text, struct oci_index *ret_index)
{
	return shape_parse(arena, &shape, text, ret_index);
}

void oci_index_print(struct buf *buf, const struct oci_index *index)
{
	struct json_writer json = json_writer_new(buf, JSON_COMPACT);
	shape_print(&json, &shape, index);
}
