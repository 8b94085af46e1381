// SPDX-License-Identifier: Apache-2.0
// image_config.h - how an image wants to be run, and what its layers unpack to
//
// Image specification, config.md. Its digest is the image's id.
#pragma once

#include "oci/lists.h"

struct oci_healthcheck {         // how to see whether a container still works
	struct oci_strings test; // {"NONE"}, {"CMD", …}, {"CMD-SHELL", line}
	int64_t interval;        // nanoseconds, these four; 0: the usual
	int64_t timeout;
	int64_t start_period;
	int64_t start_interval;
	int64_t retries; // 0: the usual
};

struct oci_run_config {                   // "config": defaults for containers
	const char *user;                 // "app", "1000:50"; NULL or "": root
	struct oci_strings exposed_ports; // "80/tcp"
	struct oci_strings env;           // "NAME=value"
	struct oci_strings entrypoint;
	struct oci_strings cmd;
	struct oci_strings volumes; // absolute paths
	const char *working_dir;
	struct oci_pairs labels;
	const char *stop_signal;             // "SIGTERM", "15"
	struct oci_healthcheck *healthcheck; // Docker's; NULL: not given
	struct oci_strings on_build;         // Docker's: lines for who builds on this image
};

struct oci_history {
	const char *created; // RFC 3339
	const char *created_by;
	const char *author;
	const char *comment;
	bool empty_layer; // this step made no layer
};

struct oci_image_config {
	const char *created; // RFC 3339; NULL: not said
	const char *author;
	const char *architecture; // Go's names: "amd64"
	const char *variant;
	const char *os; // "linux"
	const char *os_version;
	struct oci_strings os_features;
	struct oci_run_config config;
	struct oci_strings diff_ids; // digests of the layers as tars, the lowest first
	struct oci_history *history; // the oldest first
	size_t history_n;
	struct oci_strings unknown; // set by parse: places of the keys that are not in here
};

// Reads an image's config. Returns 0 or -EINVAL, worded with line, column and the key's place.
int oci_image_config_parse(struct arena *arena, struct str text,
			   struct oci_image_config *ret_config);

// Writes the object "config" alone.
void oci_run_config_print(struct json_writer *json, const struct oci_run_config *config);

// Writes it in compact form; see oci_manifest_print.
void oci_image_config_print(struct buf *buf, const struct oci_image_config *config);
