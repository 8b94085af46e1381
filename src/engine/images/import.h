// SPDX-License-Identifier: Apache-2.0
// import.h - tare import: an image of the tar of a root file system
#pragma once

#include "engine/roots.h"
#include "oci/lists.h"

struct import_opts {
	struct oci_strings change; // -c: lines of a Dockerfile
	const char *message;       // -m
	const char *platform;      // --platform
	const char *file;          // "-" is standard input
	const char *name;          // NULL: none
};

// Makes the image and tells its id.
int engine_import(struct arena *arena, const struct roots *roots, const struct import_opts *opts,
		  const char **ret_id);
