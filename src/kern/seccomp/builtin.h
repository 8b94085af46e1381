// SPDX-License-Identifier: Apache-2.0
// builtin.h - the filter that was compiled when tare was built
//
// Defined in a source that seccomp_generate prints: Docker's capabilities, the machine tare is
// built for, any kernel that has what the profile asks of one.
#pragma once

#include <linux/filter.h>

extern const struct sock_filter seccomp_builtin[];
extern const size_t seccomp_builtin_n;
