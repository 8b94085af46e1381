// SPDX-License-Identifier: Apache-2.0
// run.h - one run of a container, from options to exit status
#pragma once

#include "base/buf.h"
#include "engine/roots.h"
#include "engine/run_opts.h"

// Runs the container and waits for it, or with --explain or --script fills *out and changes
// nothing. *ret_status is the exit status of the command.
int engine_run(struct arena *arena, const struct run_opts *opts, const struct roots *roots,
	       struct buf *out, int *ret_status);
