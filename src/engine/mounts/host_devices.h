// SPDX-License-Identifier: Apache-2.0
// host_devices.h - the host's device nodes, for --privileged
#pragma once

#include "oci/spec.h"

enum {
	HOST_DEVICES_MAX = 4096, // nodes
	HOST_DEVICES_DEPTH = 8,  // directories below /dev
};

// Lists the device nodes below `directory` ("/dev"), named as if it were /dev and in order of name,
// without the terminals, the console and what is mounted below it (shm, mqueue). With `usable` only
// those that the caller may open for reading or writing.
int host_devices_list(struct arena *arena, const char *directory, bool usable,
		      struct oci_device **ret_devices, size_t *ret_n);
