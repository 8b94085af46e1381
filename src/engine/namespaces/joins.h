// SPDX-License-Identifier: Apache-2.0
// joins.h - the namespaces of others that a container is to be in
#pragma once

#include "engine/place.h"
#include "engine/run_opts.h"
#include "kern/facts.h"
#include "kern/namespaces/namespace.h"
#include "oci/spec.h"

struct engine_join {
	const char *path; // its file; NULL: this kind is not joined
	uint64_t start;   // of the process in whose /proc directory the path lies; 0: not checked
	bool same;        // it is the one that tare itself is in
};

struct engine_joins {
	struct engine_join item[NAMESPACE_COUNT];
	struct oci_id_map *uid_mappings; // of the user namespace
	size_t uid_mappings_n;
	struct oci_id_map *gid_mappings;
	size_t gid_mappings_n;
	const char *hostname;    // in the uts namespace, or of the container whose network it is
	const char *hosts;       // of that container: its /etc/hosts; NULL: as without it
	const char *resolv_conf; // and /etc/resolv.conf
	const char *shm;         // the ipc container's /dev/shm, as its first process sees it
	uint64_t shm_start;
};

// Looks up what --pid, --ipc, --uts, --cgroupns, --network and --userns name: files and containers
// that run. Where nothing is named it asks the system nothing. An ordinary user gets the user
// namespace that owns what he joins, as he can enter the one only through the other.
int joins_find(struct arena *arena, const struct run_opts *opts, const struct facts *facts,
	       const struct engine_place *place, struct engine_joins *ret_joins);
