// SPDX-License-Identifier: Apache-2.0
// place.h - where a container is started from: directories, the caller's surroundings, the host
//
// Beside struct facts (what the kernel and the caller's rights allow) this is all that the meaning
// of an option depends on. Tests fill one by hand.
#pragma once

#include "engine/subordinate.h"
#include "oci/spec.h"

enum { CONTAINER_ID_SIZE = 65 }; // 64 hex digits and a NUL

struct engine_place {
	const char *root;                 // containers that stay: "/var/lib/tare"
	const char *runroot;              // running ones: "/run/tare"
	const char *id;                   // of this container: 64 hex digits
	const char *cwd;                  // the caller's working directory
	const char *const *environment;   // the caller's environment, ends in NULL
	const char *hostname;             // the host's name
	const char *etc;                  // the directory that holds its hosts and resolv.conf
	const char *dev;                  // and its device nodes
	const char *mountinfo;            // the file that lists the caller's mounts
	const char *selinux;              // where selinuxfs would be mounted
	struct oci_pairs block_devices;   // "8:0" by path; only tests name any
	unsigned processors;              // that the caller may run on
	const struct engine_joins *joins; // namespaces of others, where options ask for some
	struct subordinate used_uids;     // that containers have, where --userns auto asks
	struct subordinate used_gids;
	struct oci_strings processor_masks; // thermal_throttle of each, where there is one
};

// Fills one in for this process.
int engine_place_here(struct arena *arena, const char *root, const char *runroot, const char *id,
		      struct engine_place *ret_place);

// Draws a new random id, whose first twelve digits are not a number: some tools would take them
// for one.
int engine_new_id(char ret_id[static CONTAINER_ID_SIZE]);

// `path` from the caller's working directory, made absolute and cleaned as text: no ".", "..",
// double or final slashes. As in Docker, symbolic links are not looked at.
const char *engine_absolute(struct arena *arena, const char *cwd, const char *path);
