// SPDX-License-Identifier: Apache-2.0
// run.h - a filter's answer, worked out without installing it
#pragma once

#include "kern/seccomp/seccomp.h"

// Runs the filter over one call as the kernel would and returns the action, SECCOMP_RET_…, with its
// data. `ret_steps` (may be NULL) is how many instructions it took. A filter the kernel would not
// have taken (a jump beyond the end, an instruction that is none of seccomp's) kills the process.
uint32_t seccomp_run(const struct seccomp_filter *filter, const struct seccomp_data *call,
		     size_t *ret_steps);

// The answer to a native call with arguments that are all zero.
uint32_t seccomp_answer(const struct seccomp_filter *filter, enum seccomp_machine machine,
			uint32_t number);

// Whether a native call with arguments that are all zero is refused: what tare itself has yet to
// call after the filter is there must not be.
bool seccomp_denies(const struct seccomp_filter *filter, enum seccomp_machine machine,
		    uint32_t number);
