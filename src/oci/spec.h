// SPDX-License-Identifier: Apache-2.0
// spec.h - the OCI runtime specification's config.json, the part of it that tare acts on
//
// One struct an object, fields named as in the document. Text is NUL-terminated and belongs to the
// arena the document was read into; an absent string is NULL, an absent list has length 0, an
// absent number is told by its comment. The shape tables in spec.c parse and print all of it.
#pragma once

#include "oci/lists.h"
#include "oci/seccomp.h"
#include "oci/resources.h"

struct oci_user {
	uint32_t uid;                    // inside the container
	uint32_t gid;                    // inside the container
	const uint32_t *additional_gids; // exact supplementary groups
	size_t additional_gids_n;
	int64_t umask; // -1: not given
};

struct oci_rlimit {
	const char *type; // "RLIMIT_NOFILE"
	uint64_t soft;    // RLIM_INFINITY is UINT64_MAX
	uint64_t hard;
};

struct oci_capabilities { // names such as "CAP_CHOWN"
	struct oci_strings bounding;
	struct oci_strings effective;
	struct oci_strings inheritable;
	struct oci_strings permitted;
	struct oci_strings ambient;
};

struct oci_process {
	bool terminal;
	struct oci_user user;
	struct oci_strings args; // args.item[0] is looked up on PATH when it has no slash
	struct oci_strings env;  // "NAME=value"
	const char *cwd;         // absolute
	struct oci_capabilities capabilities;
	struct oci_rlimit *rlimits;
	size_t rlimits_n;
	bool no_new_privileges;
	int64_t oom_score_adj; // INT64_MIN: not given
};

struct oci_root {
	const char *path; // directory of the root file system
	bool readonly;
};

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

struct oci_mount {
	const char *destination; // absolute, in the container
	const char *type;        // "proc", "tmpfs", "bind", …
	const char *source;      // a host path for binds
	struct oci_strings options;
	struct oci_id_map *uid_mappings; // of "idmap", "ridmap": ids of the files (container_id),
					 // and the ids they are seen as (host_id)
	size_t uid_mappings_n;
	struct oci_id_map *gid_mappings;
	size_t gid_mappings_n;
	const char *scratch; // of an overlay over `source`: the container's own directory that gets
			     // `upper` and `work`. Not of the document
};

struct oci_namespace {
	const char *type; // "pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time"
	const char *path; // NULL: a new one
};

struct oci_device { // a node to make in /dev
	const char *path;
	const char *type; // "c", "b", "u", "p"
	int64_t major;
	int64_t minor;
	uint32_t file_mode; // permission bits; some writers add those of the file type
	uint32_t uid;
	uint32_t gid;
	const char *source; // the host's node, which is bound where none can be made; NULL: `path`.
			    // Not of the document
};

struct oci_personality {          // see personality(2)
	const char *domain;       // "LINUX", "LINUX32"; NULL: the object is not there
	struct oci_strings flags; // "ADDR_NO_RANDOMIZE"
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
	const char *cgroups_path; // NULL: tare's own choice
	struct oci_resources resources;
	struct oci_strings masked_paths;
	struct oci_strings readonly_paths;
	struct oci_pairs sysctl; // "net.ipv4.ip_forward": "1"
	struct oci_personality personality;
	const char *rootfs_propagation; // NULL: "private"
	struct oci_seccomp *seccomp;    // NULL: not given
};

struct oci_spec {
	const char *oci_version;
	struct oci_process process;
	struct oci_root root;
	const char *hostname;
	const char *domainname; // of NIS: what getdomainname(2) says
	struct oci_mount *mounts;
	size_t mounts_n;
	struct oci_linux linux_;
	struct oci_pairs annotations;
	struct oci_strings unknown; // set by parse: places of the keys that are not in here
};

// What is said of a kind of namespace ("network"): NULL is the host's; with a path one that exists
// is joined, without it the container has its own.
const struct oci_namespace *oci_namespace_find(const struct oci_linux *linux_, const char *type);
bool oci_namespace_is_own(const struct oci_linux *linux_, const char *type);

// Gives every field its "not given" value. Items of lists have theirs from whoever makes them:
// a device rule for any device has major and minor -1.
void oci_spec_init(struct oci_spec *spec);

// Reads config.json. Returns 0 or -EINVAL, worded with line, column and the key's place.
int oci_spec_parse(struct arena *arena, struct str text, struct oci_spec *ret_spec);

// Writes it, indented, with a newline at the end. Parsing that gives the same spec again, but for
// `unknown`.
void oci_spec_print(struct buf *buf, const struct oci_spec *spec);
