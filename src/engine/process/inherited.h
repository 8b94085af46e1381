// SPDX-License-Identifier: Apache-2.0
// inherited.h - --preserve-fds, --preserve-fd, --pidfile: what goes along, what is told of it
#pragma once

#include "oci/spec.h"

enum { PRESERVE_FDS_MAX = 1024, PRESERVE_FD_LIST_MAX = 64 };

// A value of --preserve-fds.
int preserve_fds_parse(const char *text, int *ret_n);

// The values of --preserve-fd, as "5,7": sorted, without those that `n` of --preserve-fds has.
// NULL: there are none.
int preserve_fd_parse(struct arena *arena, const struct oci_strings *texts, int n,
		      const char **ret_list);

// Whether the caller has given us descriptors 3 to 2 + n and those of the list: ours close at exec,
// his do not.
int preserve_fds_check(int n, const char *list);

// Writes the number of the container's first process into the file.
int pidfile_write(struct arena *arena, const char *path, pid_t pid);
