// SPDX-License-Identifier: Apache-2.0
// csv.h - one line of comma separated values, as --mount and --gpus are written
#pragma once

#include "base/arena.h"
#include "base/str.h"

// Takes the next field off *rest, whose p is NULL after the last. A field in double quotes may hold
// commas; a double quote in it is written twice. Returns 0, or -EINVAL (no fault is recorded) for a
// quote elsewhere or without its end.
int csv_next(struct arena *arena, struct str *rest, const char **ret_field);
