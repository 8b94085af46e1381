// SPDX-License-Identifier: Apache-2.0
// linux.h - what of a runtime document only Linux has: namespaces, devices, limits, filters
//
// config-linux.md.
#pragma once

#include "oci/lists.h"
#include "oci/resources.h"
#include "oci/seccomp.h"

struct oci_time_offset { // what is added to a clock
	int64_t secs;
	uint32_t nanosecs; // below 1,000,000,000
};

struct oci_time_offsets { // of a new time namespace
	struct oci_time_offset monotonic;
	struct oci_time_offset boottime;
};

struct oci_id_map {
	uint32_t container_id;
	uint32_t host_id;
	uint32_t size;
};

struct oci_namespace {
	const char *type; // of oci_namespace_types
	const char *path; // NULL: a new one
};

struct oci_device { // a node to make in /dev
	const char *path;
	const char *type; // "c", "b", "u", "p"
	int64_t major;    // these two: -1 where the document has none, as "p" needs none
	int64_t minor;
	uint32_t file_mode; // permission bits; some writers add those of the file type
	uint32_t uid;
	uint32_t gid;
	const char *source; // the host's node, which is bound where none can be made; NULL: `path`.
			    // Not of the document
};

struct oci_net_device {        // one of the host's network devices, which moves inside
	const char *host_name; // its name outside: the key in the document
	const char *name;      // inside, "%d" in it a number; NULL: the same
};

struct oci_personality {          // see personality(2)
	const char *domain;       // "LINUX", "LINUX32"; NULL: the object is not there
	struct oci_strings flags; // "ADDR_NO_RANDOMIZE"
};

struct oci_intel_rdt {               // a share of caches and memory bandwidth (resctrl)
	const char *clos_id;         // the class of service; NULL: named by the container's id
	struct oci_strings schemata; // lines for the class's schemata
	const char *l3_cache_schema; // a line, written before those
	const char *mem_bw_schema;   // likewise, after that
	bool enable_monitoring;      // count what the container uses
};

struct oci_memory_policy {        // see set_mempolicy(2)
	const char *mode;         // of oci_memory_modes; NULL: the object is not there
	const char *nodes;        // "0-3,7"; NULL: none
	struct oci_strings flags; // of oci_memory_flags
};

struct oci_linux {
	struct oci_namespace *namespaces;
	size_t namespaces_n;
	struct oci_id_map *uid_mappings;
	size_t uid_mappings_n;
	struct oci_id_map *gid_mappings;
	size_t gid_mappings_n;
	struct oci_time_offsets time_offsets;
	struct oci_device *devices;
	size_t devices_n;
	struct oci_net_device *net_devices;
	size_t net_devices_n;
	const char *cgroups_path; // NULL: tare's own choice
	struct oci_resources resources;
	struct oci_intel_rdt *intel_rdt; // NULL: not given
	struct oci_memory_policy memory_policy;
	struct oci_strings masked_paths;
	struct oci_strings readonly_paths;
	struct oci_pairs sysctl; // "net.ipv4.ip_forward": "1"
	struct oci_personality personality;
	const char *rootfs_propagation; // of oci_propagations; NULL: "private"
	const char *mount_label;        // of SELinux; NULL: not given
	struct oci_seccomp *seccomp;    // NULL: not given
};

// What is said of a kind of namespace ("network"): NULL is the host's; with a path one that exists
// is joined, without it the container has its own.
const struct oci_namespace *oci_namespace_find(const struct oci_linux *linux_, const char *type);
bool oci_namespace_is_own(const struct oci_linux *linux_, const char *type);

extern const struct shape oci_linux_shape;
extern const struct shape oci_id_map_shape; // for mounts, which have maps as well
