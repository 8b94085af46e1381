// SPDX-License-Identifier: Apache-2.0
// destination.h - where in the container the user may mount something
#pragma once

#include "base/str.h"
#include "oci/spec.h"

// Cleans the absolute path `path`, a part of `text`, the value of `flag`. Refused are paths that
// are not absolute, the root itself, /proc and what lies below it, /sys and, so far, /dev.
int destination_parse(struct arena *arena, const char *flag, const char *text, struct str path,
		      const char **ret_destination);
