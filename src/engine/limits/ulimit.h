// SPDX-License-Identifier: Apache-2.0
// ulimit.h - --ulimit: limits of one process, set before it starts
#pragma once

#include "kern/facts.h"
#include "oci/spec.h"

// Reads "NAME=SOFT[:HARD]"; without HARD both are the same, -1 is unlimited.
int ulimit_parse(struct arena *arena, const char *text, struct oci_rlimit *ret_limit);

// Reads all of them; of two with one name the later counts. A limit on open files above what the
// caller itself may have, and without the right to raise it, is an error.
int ulimits_parse(struct arena *arena, const struct oci_strings *texts, const struct facts *facts,
		  struct oci_process *process);
