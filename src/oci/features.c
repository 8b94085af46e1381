// SPDX-License-Identifier: Apache-2.0
// features.c - what a runtime says it can do, as tables
#include "oci/features.h"

#include "oci/check.h"
#include "oci/words.h"

// Where an object is there, what it does not say it does not have.
#define HAS(key, type, member) SHAPE_BOOL_OF(key, struct type, member, .flags = SHAPE_PRINTED)

static const struct shape_field cgroup_fields[] = {
	HAS("v1", oci_features_cgroup, v1),
	HAS("v2", oci_features_cgroup, v2),
	HAS("systemd", oci_features_cgroup, systemd),
	HAS("systemdUser", oci_features_cgroup, systemd_user),
	HAS("rdma", oci_features_cgroup, rdma),
};
static const struct shape cgroup_shape = SHAPE("cgroup", struct oci_features_cgroup, cgroup_fields);

static const struct shape_field seccomp_fields[] = {
	HAS("enabled", oci_features_seccomp, enabled),
	OCI_STRINGS_OF("actions", struct oci_features_seccomp, actions,
		       .words = oci_seccomp_actions),
	OCI_STRINGS_OF("operators", struct oci_features_seccomp, operators,
		       .words = oci_seccomp_operators),
	OCI_STRINGS_OF("archs", struct oci_features_seccomp, archs, .words = oci_seccomp_machines),
	OCI_STRINGS_OF("knownFlags", struct oci_features_seccomp, known_flags,
		       .words = oci_seccomp_flags),
	OCI_STRINGS_OF("supportedFlags", struct oci_features_seccomp, supported_flags,
		       .words = oci_seccomp_flags),
};
static const struct shape seccomp_shape =
	SHAPE("seccomp", struct oci_features_seccomp, seccomp_fields);

static const struct shape_field memory_policy_fields[] = {
	OCI_STRINGS_OF("modes", struct oci_features_memory_policy, modes,
		       .words = oci_memory_modes),
	OCI_STRINGS_OF("flags", struct oci_features_memory_policy, flags,
		       .words = oci_memory_flags),
};
static const struct shape memory_policy_shape =
	SHAPE("memory policy", struct oci_features_memory_policy, memory_policy_fields);

static const struct shape_field rdt_fields[] = {
	HAS("enabled", oci_features_rdt, enabled),
	HAS("schemata", oci_features_rdt, schemata),
	HAS("monitoring", oci_features_rdt, monitoring),
};
static const struct shape rdt_shape = SHAPE("intelRdt", struct oci_features_rdt, rdt_fields);

static const struct shape_field enabled_fields[] = {
	HAS("enabled", oci_enabled, enabled),
};
static const struct shape enabled_shape = SHAPE("feature", struct oci_enabled, enabled_fields);

#define ENABLED_OF(key, type, member)                                                              \
	SHAPE_POINTER_OF(key, struct type, member, struct oci_enabled, &enabled_shape)

static const struct shape_field mount_extensions_fields[] = {
	ENABLED_OF("idmap", oci_mount_extensions, idmap),
};
static const struct shape mount_extensions_shape =
	SHAPE("mount extensions", struct oci_mount_extensions, mount_extensions_fields);

static const char *check_capability(const char *text)
{
	static const char prefix[] = "CAP_";
	const char *name = text + sizeof(prefix) - 1;
	bool fine = str_starts(text, prefix) && *name &&
		    !name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_")];
	return fine ? NULL : "a name such as CAP_CHOWN";
}

static const struct shape_field linux_fields[] = {
	OCI_STRINGS_OF("namespaces", struct oci_features_linux, namespaces,
		       .words = oci_namespace_types),
	OCI_STRINGS_OF("capabilities", struct oci_features_linux, capabilities,
		       .check = check_capability),
	SHAPE_POINTER_OF("cgroup", struct oci_features_linux, cgroup, struct oci_features_cgroup,
			 &cgroup_shape),
	SHAPE_POINTER_OF("seccomp", struct oci_features_linux, seccomp, struct oci_features_seccomp,
			 &seccomp_shape),
	ENABLED_OF("apparmor", oci_features_linux, apparmor),
	ENABLED_OF("selinux", oci_features_linux, selinux),
	SHAPE_POINTER_OF("memoryPolicy", struct oci_features_linux, memory_policy,
			 struct oci_features_memory_policy, &memory_policy_shape),
	SHAPE_POINTER_OF("intelRdt", struct oci_features_linux, intel_rdt, struct oci_features_rdt,
			 &rdt_shape),
	SHAPE_POINTER_OF("mountExtensions", struct oci_features_linux, mount_extensions,
			 struct oci_mount_extensions, &mount_extensions_shape),
	ENABLED_OF("netDevices", oci_features_linux, net_devices),
};
static const struct shape linux_shape = SHAPE("linux", struct oci_features_linux, linux_fields);

static const struct shape_field features_fields[] = {
	SHAPE_TEXT_OF("ociVersionMin", struct oci_features, version_min, .flags = SHAPE_REQUIRED,
		      .check = oci_check_version),
	SHAPE_TEXT_OF("ociVersionMax", struct oci_features, version_max, .flags = SHAPE_REQUIRED,
		      .check = oci_check_version),
	OCI_STRINGS_OF("hooks", struct oci_features, hooks),
	OCI_STRINGS_OF("mountOptions", struct oci_features, mount_options),
	SHAPE_POINTER_OF("linux", struct oci_features, linux_, struct oci_features_linux,
			 &linux_shape),
	OCI_PAIRS_OF("annotations", struct oci_features, annotations),
	OCI_STRINGS_OF("potentiallyUnsafeConfigAnnotations", struct oci_features,
		       unsafe_annotations),
	OCI_UNKNOWN_KEYS(struct oci_features, unknown),
};
static const struct shape features_shape = SHAPE("features", struct oci_features, features_fields);

int oci_features_parse(struct arena *arena, struct str text, struct oci_features *ret_features)
{
	return shape_parse(arena, &features_shape, text, ret_features);
}

void oci_features_print(struct buf *buf, const struct oci_features *features)
{
	struct json_writer json = json_writer_new(buf, JSON_INDENTED);
	shape_print(&json, &features_shape, features);
	buf_putc(buf, '\n');
}
