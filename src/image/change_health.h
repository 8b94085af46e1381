// SPDX-License-Identifier: Apache-2.0
// change_health.h - the options of HEALTHCHECK
#pragma once

#include "oci/image_config.h"

// Reads "NONE", or options and "CMD command": *ret_command is the command's text, or {NULL, 0}
// where the check is NONE, which ret_check then says.
int change_health(struct arena *arena, const char *what, struct str text,
		  struct oci_healthcheck *ret_check, struct str *ret_command);
