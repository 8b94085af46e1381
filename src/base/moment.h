// SPDX-License-Identifier: Apache-2.0
// moment.h - points in time, as documents write them
#pragma once

#include <time.h>

enum { MOMENT_SIZE = 64 };

// RFC 3339 in UTC, with nanoseconds: "2026-01-31T12:00:00.123456789Z".
void moment_text(const struct timespec *time, char ret_text[static MOMENT_SIZE]);
