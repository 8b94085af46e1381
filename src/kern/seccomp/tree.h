// SPDX-License-Identifier: Apache-2.0
// tree.h - from ranges of numbers to a program that finds the right one
//
// The number space of one arch is cut into spans of equal answer. The tree is a binary search over
// them.
#pragma once

#include "kern/seccomp/seccomp.h"

struct seccomp_span {
	uint32_t first;                    // the span reaches to where the next one begins
	uint32_t action;                   // SECCOMP_RET_…, where no rule gives another
	const struct seccomp_rules *rules; // NULL: there are none
	bool wide;                         // rules compare 64 bits
};

// The spans of all calls that the kernel marks with this arch; the first begins at 0.
struct seccomp_arch {
	uint32_t arch; // AUDIT_ARCH_…
	const struct seccomp_span *spans;
	size_t n;
};

// Arranges them as one program; the arch that comes first is found first. A call that is of none of
// them kills its process. Returns 0 or -E2BIG.
int seccomp_tree(struct arena *arena, const struct seccomp_arch *archs, size_t n,
		 struct seccomp_filter *ret_filter);
