// SPDX-License-Identifier: Apache-2.0
// net_device.h - a network device moves into another network namespace
#pragma once

#include "base/arena.h"

// Moves the caller's device `host_name` into the network namespace of the process `pid`, as `name`
// (NULL: the same; "%d" in it becomes the first free number). It keeps its permanent addresses of
// global scope, and is up in the end. Returns 0 or an error of fail.h.
int net_device_move(struct arena *arena, pid_t pid, const char *host_name, const char *name);
