// SPDX-License-Identifier: Apache-2.0
// ago.h - lengths of time, as people say them
#pragma once

#include "base/arena.h"

// "Less than a second", "5 minutes", "About an hour", "3 weeks": the words of Docker's ps.
const char *ago_text(struct arena *arena, int64_t seconds);
