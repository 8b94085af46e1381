// SPDX-License-Identifier: Apache-2.0
// container_inspect.h - all that is known of a container, in Docker's shape
#pragma once

#include "base/json_write.h"
#include "box/record/record.h"

// Writes it as one object.
void container_inspect(struct arena *arena, const struct box_record *record,
		       struct json_writer *json);
