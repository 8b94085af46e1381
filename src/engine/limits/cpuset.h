// SPDX-License-Identifier: Apache-2.0
// cpuset.h - --cpuset-cpus and --cpuset-mems: sets of processors and memory nodes
#pragma once

#include "base/str.h"

enum { CPUSET_MEMBERS_MAX = 8192 }; // Linux has no more processors

struct cpuset {
	uint64_t bits[CPUSET_MEMBERS_MAX / 64];
};

// Reads numbers and ranges between commas: "0-3,6". Returns 0, or -EINVAL where it is not written
// so, -ERANGE for a number that no machine has.
int cpuset_read(struct str text, struct cpuset *ret_set);

// Checks the value of `flag` ("--cpuset-cpus") against those there are ("0-3"; NULL: not known), of
// which `noun` tells the kind: "processors". Errors are worded.
int cpuset_check(const char *flag, const char *text, const char *there, const char *noun);
