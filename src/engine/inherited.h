// SPDX-License-Identifier: Apache-2.0
// inherited.h - --preserve-fds and --pidfile: what goes along, and what is told of the process
#pragma once

#include "base/arena.h"

enum { PRESERVE_FDS_MAX = 1024 };

// A value of --preserve-fds.
int preserve_fds_parse(const char *text, int *ret_n);

// Whether the caller has given us descriptors 3 to 2 + n: ours close at exec, his do not.
int preserve_fds_check(int n);

// Writes the number of the container's first process into the file.
int pidfile_write(struct arena *arena, const char *path, pid_t pid);
