// SPDX-License-Identifier: Apache-2.0
// rlimit.h - resource limits of a process, by name and number
#pragma once

#include "base/str.h"

// The number of "RLIMIT_NOFILE"; -1: there is none of that name.
int rlimit_number(const char *name);

// And back; NULL for a number the kernel does not have.
const char *rlimit_name(int number);

// Sets it for the calling process. Raw, for a container's first process: returns 0 or a negative
// errno, -EPERM where the hard limit would be raised without CAP_SYS_RESOURCE.
int rlimit_set(int number, uint64_t soft, uint64_t hard);
