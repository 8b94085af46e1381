// SPDX-License-Identifier: Apache-2.0
// image_inspect.h - all that is known of an image, in Docker's shape
#pragma once

#include "base/json_write.h"
#include "engine/roots.h"

// Writes the image that is called so as an object: Id, RepoTags, Config and so on.
int image_inspect(struct arena *arena, const struct roots *roots, const char *text,
		  struct json_writer *json);
