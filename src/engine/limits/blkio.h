// SPDX-License-Identifier: Apache-2.0
// blkio.h - --blkio-… and --device-…-bps, -iops: what a container may do to block devices
#pragma once

#include "engine/place.h"
#include "engine/run_opts.h"

// What follows the path in a value.
enum blkio_kind {
	BLKIO_BYTES,  // a size a second: "1m"
	BLKIO_COUNT,  // operations a second
	BLKIO_WEIGHT, // 10 to 1000
};

// Takes "/dev/PATH:RATE" apart. Errors are worded and name the flag.
int blkio_value(struct arena *arena, const char *flag, enum blkio_kind kind, const char *text,
		const char **ret_path, uint64_t *ret_rate);

// Fills the resources from all of these flags. Looks the devices up: each must be a whole disk.
int blkio_parse(struct arena *arena, const struct run_opts *opts, const struct engine_place *place,
		struct oci_resources *resources);
