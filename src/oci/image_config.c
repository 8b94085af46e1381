// SPDX-License-Identifier: Apache-2.0
// image_config.c - the image configuration, as tables
//
// Docker writes a dozen keys more into it (Hostname, container_config, …). They have no
// effect on a container and are reported as unknown.
#include "oci/image_config.h"

#include "oci/digest.h"

static const char *check_variable(const char *text)
{
	const char *equals = strchr(text, '=');
	return equals && equals > text ? NULL : "NAME=value";
}

static const struct shape_field health_fields[] = {
	OCI_STRINGS_OF("Test", struct oci_healthcheck, test),
	SHAPE_INT64_OF("Interval", struct oci_healthcheck, interval),
	SHAPE_INT64_OF("Timeout", struct oci_healthcheck, timeout),
	SHAPE_INT64_OF("StartPeriod", struct oci_healthcheck, start_period),
	SHAPE_INT64_OF("StartInterval", struct oci_healthcheck, start_interval),
	SHAPE_INT64_OF("Retries", struct oci_healthcheck, retries),
};
static const struct shape health_shape =
	SHAPE("Healthcheck", struct oci_healthcheck, health_fields);

static const struct shape_field run_fields[] = {
	SHAPE_TEXT_OF("User", struct oci_run_config, user),
	OCI_NAMES_OF("ExposedPorts", struct oci_run_config, exposed_ports),
	OCI_STRINGS_OF("Env", struct oci_run_config, env, .check = check_variable),
	OCI_STRINGS_OF("Entrypoint", struct oci_run_config, entrypoint),
	OCI_STRINGS_OF("Cmd", struct oci_run_config, cmd),
	OCI_NAMES_OF("Volumes", struct oci_run_config, volumes),
	SHAPE_TEXT_OF("WorkingDir", struct oci_run_config, working_dir),
	OCI_PAIRS_OF("Labels", struct oci_run_config, labels),
	SHAPE_TEXT_OF("StopSignal", struct oci_run_config, stop_signal),
	SHAPE_POINTER_OF("Healthcheck", struct oci_run_config, healthcheck, struct oci_healthcheck,
			 &health_shape),
	OCI_STRINGS_OF("OnBuild", struct oci_run_config, on_build),
};
static const struct shape run_shape = SHAPE("config", struct oci_run_config, run_fields);

static const struct shape_field rootfs_fields[] = {
	SHAPE_WORD_IS("type", "layers"),
	OCI_STRINGS_OF("diff_ids", struct oci_image_config, diff_ids, .flags = SHAPE_REQUIRED,
		       .check = digest_check),
};
static const struct shape rootfs_shape = SHAPE("rootfs", struct oci_image_config, rootfs_fields);

static const struct shape_field history_fields[] = {
	SHAPE_TEXT_OF("created", struct oci_history, created),
	SHAPE_TEXT_OF("created_by", struct oci_history, created_by),
	SHAPE_TEXT_OF("author", struct oci_history, author),
	SHAPE_TEXT_OF("comment", struct oci_history, comment),
	SHAPE_BOOL_OF("empty_layer", struct oci_history, empty_layer),
};
static const struct shape history_shape = SHAPE("history", struct oci_history, history_fields);

static const struct shape_field fields[] = {
	SHAPE_TEXT_OF("created", struct oci_image_config, created),
	SHAPE_TEXT_OF("author", struct oci_image_config, author),
	SHAPE_TEXT_OF("architecture", struct oci_image_config, architecture,
		      .flags = SHAPE_REQUIRED),
	SHAPE_TEXT_OF("variant", struct oci_image_config, variant),
	SHAPE_TEXT_OF("os", struct oci_image_config, os, .flags = SHAPE_REQUIRED),
	SHAPE_TEXT_OF("os.version", struct oci_image_config, os_version),
	OCI_STRINGS_OF("os.features", struct oci_image_config, os_features),
	SHAPE_OBJECT_OF("config", struct oci_image_config, config, struct oci_run_config,
			&run_shape),
	SHAPE_INLINE("rootfs", &rootfs_shape, .flags = SHAPE_REQUIRED),
	SHAPE_OBJECTS_OF("history", struct oci_image_config, history, history_n, struct oci_history,
			 &history_shape),
	OCI_UNKNOWN_KEYS(struct oci_image_config, unknown),
};
static const struct shape shape = SHAPE("image config", struct oci_image_config, fields);

int oci_image_config_parse(struct arena *arena, struct str text,
			   struct oci_image_config *ret_config)
{
	return shape_parse(arena, &shape, text, ret_config);
}

void oci_image_config_print(struct buf *buf, const struct oci_image_config *config)
{
	struct json_writer json = json_writer_new(buf, JSON_COMPACT);
	shape_print(&json, &shape, config);
}

void oci_run_config_print(struct json_writer *json, const struct oci_run_config *config)
{
	shape_print(json, &run_shape, config);
}
