// SPDX-License-Identifier: Apache-2.0
// words.h - a failed step, in words
#pragma once

#include "box/steps/walk.h"

// Words the failure of a step by fail() and returns the errno. A step of HOST's that worded it
// itself keeps its words.
int walk_word_failure(struct walk *walk, size_t step, int error, const struct exec_why *why);

// INIT was gone before it became the workload.
int walk_word_killed(struct walk *walk, int wait_status);
