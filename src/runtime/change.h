// SPDX-License-Identifier: Apache-2.0
// change.h - what update is asked for
#pragma once

#include "oci/resources.h"
#include "runtime/container.h"

struct change_opts {
	const char *resources; // -r
	const char *blkio_weight;
	const char *cpu_period;
	const char *cpu_quota;
	const char *cpu_burst;
	const char *cpu_rt_period;
	const char *cpu_rt_runtime;
	const char *cpu_shares;
	const char *cpu_idle;
	const char *cpuset_cpus;
	const char *cpuset_mems;
	const char *memory;
	const char *memory_reservation;
	const char *memory_swap;
	const char *pids_limit;
};

// Reads the document that -r names, or else the other options. A zero that would be no limit at all
// is none that is given, as runc has it.
int change_read(struct runtime_call *call, const struct change_opts *opts,
		struct oci_resources *ret_resources);

// Changes the container's groups. What can't be changed while it runs is refused.
int change_apply(struct runtime_call *call, struct container *container,
		 const struct oci_resources *resources);
