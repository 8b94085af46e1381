// SPDX-License-Identifier: Apache-2.0
// features.h - what a runtime says it can do
//
// features.md and features-linux.md: what `features` prints. It tells of the runtime, not of the
// host. A list that is not there says nothing; an empty one is not printed.
#pragma once

#include "oci/lists.h"

struct oci_features_cgroup {
	bool v1;
	bool v2;
	bool systemd;      // as the manager of the host's
	bool systemd_user; // and of a user's
	bool rdma;
};

struct oci_features_seccomp {
	bool enabled;
	struct oci_strings actions;
	struct oci_strings operators;
	struct oci_strings archs;
	struct oci_strings known_flags;
	struct oci_strings supported_flags;
};

struct oci_features_memory_policy {
	struct oci_strings modes;
	struct oci_strings flags;
};

struct oci_features_rdt {
	bool enabled;
	bool schemata;
	bool monitoring;
};

struct oci_enabled {
	bool enabled;
};

struct oci_mount_extensions {
	struct oci_enabled *idmap;
};

struct oci_features_linux { // a pointer is NULL where nothing is said
	struct oci_strings namespaces;
	struct oci_strings capabilities;
	struct oci_features_cgroup *cgroup;
	struct oci_features_seccomp *seccomp;
	struct oci_enabled *apparmor;
	struct oci_enabled *selinux;
	struct oci_features_memory_policy *memory_policy;
	struct oci_features_rdt *intel_rdt;
	struct oci_mount_extensions *mount_extensions;
	struct oci_enabled *net_devices;
};

struct oci_features {
	const char *version_min; // of the specification
	const char *version_max;
	struct oci_strings hooks;
	struct oci_strings mount_options;
	struct oci_features_linux *linux_;
	struct oci_pairs annotations;
	struct oci_strings unsafe_annotations; // of config.json, that may change what is done
	struct oci_strings unknown;            // set by parse
};

// Returns 0 or -EINVAL, worded with line, column and the key's place.
int oci_features_parse(struct arena *arena, struct str text, struct oci_features *ret_features);

// Writes it, indented, with a newline at the end.
void oci_features_print(struct buf *buf, const struct oci_features *features);
