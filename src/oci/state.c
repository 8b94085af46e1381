// SPDX-License-Identifier: Apache-2.0
// state.c - the state of a container, as tables
#include "oci/state.h"

#include "oci/check.h"
#include "oci/words.h"

#define VERSION_OF(type)                                                                           \
	SHAPE_TEXT_OF("ociVersion", type, oci_version, .flags = SHAPE_REQUIRED,                    \
		      .check = oci_check_version)

static const struct shape_field state_fields[] = {
	VERSION_OF(struct oci_state),
	SHAPE_TEXT_OF("id", struct oci_state, id, .flags = SHAPE_REQUIRED),
	SHAPE_TEXT_OF("status", struct oci_state, status, .flags = SHAPE_REQUIRED,
		      .words = oci_statuses),
	SHAPE_INT64_OF("pid", struct oci_state, pid, .flags = SHAPE_PRINTED, .most = INT32_MAX),
	SHAPE_TEXT_OF("bundle", struct oci_state, bundle, .flags = SHAPE_REQUIRED,
		      .check = oci_check_absolute),
	SHAPE_TEXT_OF("rootfs", struct oci_state, rootfs),
	SHAPE_TEXT_OF("created", struct oci_state, created),
	SHAPE_TEXT_OF("owner", struct oci_state, owner),
	OCI_PAIRS_OF("annotations", struct oci_state, annotations),
	OCI_UNKNOWN_KEYS(struct oci_state, unknown),
};
const struct shape oci_state_shape = SHAPE("state", struct oci_state, state_fields);

static const struct shape_field process_state_fields[] = {
	VERSION_OF(struct oci_process_state),
	OCI_STRINGS_OF("fds", struct oci_process_state, fds),
	SHAPE_INT64_OF("pid", struct oci_process_state, pid, .flags = SHAPE_REQUIRED,
		       .most = INT32_MAX),
	SHAPE_TEXT_OF("metadata", struct oci_process_state, metadata),
	SHAPE_OBJECT_OF("state", struct oci_process_state, state, struct oci_state,
			&oci_state_shape, .flags = SHAPE_REQUIRED),
	OCI_UNKNOWN_KEYS(struct oci_process_state, unknown),
};
static const struct shape process_state_shape =
	SHAPE("process state", struct oci_process_state, process_state_fields);

int oci_state_parse(struct arena *arena, struct str text, struct oci_state *ret_state)
{
	return shape_parse(arena, &oci_state_shape, text, ret_state);
}

int oci_process_state_parse(struct arena *arena, struct str text,
			    struct oci_process_state *ret_state)
{
	return shape_parse(arena, &process_state_shape, text, ret_state);
}

void oci_state_print(struct buf *buf, enum json_form form, const struct oci_state *state)
{
	struct json_writer json = json_writer_new(buf, form);
	shape_print(&json, &oci_state_shape, state);
	if (form == JSON_INDENTED)
		buf_putc(buf, '\n');
}

void oci_process_state_print(struct buf *buf, const struct oci_process_state *state)
{
	struct json_writer json = json_writer_new(buf, JSON_COMPACT);
	shape_print(&json, &process_state_shape, state);
}
