// SPDX-License-Identifier: Apache-2.0
// defaults.h - what every container gets unasked: Docker's mounts, devices, masks
#pragma once

#include "oci/spec.h"

// What a default depends on.
struct defaults_want {
	bool privileged; // kernel file systems are writable, nothing is masked
	bool tty_group;  // group 5 exists inside: terminals belong to it
	bool host_sys; // a new sysfs is forbidden (user namespace, host's network): bind the host's
	bool host_proc;   // likewise a new proc (user namespace, host's processes)
	const char *shm;  // shared memory is bound from there; NULL: a new one
	bool no_shm;      // --ipc none
	bool host_mqueue; // a new mqueue is forbidden (user namespace, host's ipc)
	bool no_mqueue;   // and there is none to bind
	int64_t shm_size; // bytes of /dev/shm; 0: Docker's 64 MiB
};

// How many mounts defaults_mounts fills at most.
enum { DEFAULT_MOUNTS_MAX = 8 };

// Docker's mounts in their order, without those that one of `mounts` takes the place of.
// Returns how many.
size_t defaults_mounts(struct arena *arena, struct defaults_want want,
		       const struct oci_mount *mounts, size_t mounts_n,
		       struct oci_mount ret_mounts[static DEFAULT_MOUNTS_MAX]);

// Docker's device nodes and the rules that go with them: deny all, then allow those nodes, the
// terminals, and making any node.
void defaults_devices(struct arena *arena, struct oci_linux *linux_);

// Paths of /proc and /sys that the workload may not see, and those it may not write to.
// `processor_masks` are added to the first.
void defaults_masks(struct arena *arena, const struct oci_strings *processor_masks,
		    struct oci_linux *linux_);

// The search path of a workload that brings none.
extern const char defaults_path[];
