// SPDX-License-Identifier: Apache-2.0
// spec.c - config.json of a bundle, as tables
//
// The specification is https://github.com/opencontainers/runtime-spec, config.md and
// config-linux.md; the tables below are in its order. What it has and they lack is reported by
// name in oci_spec.unknown, and whoever starts the container decides what that means.
//
// It is a document of trust in both directions: engine writes one for other runtimes to read, and
// the OCI face reads what Docker or Kubernetes wrote. So only what a table says gets in, numbers
// within their bounds.
#include "oci/spec.h"

static const char *check_absolute(const char *text)
{
	return text[0] == '/' ? NULL : "an absolute path";
}

static const char *check_variable(const char *text)
{
	const char *equals = strchr(text, '=');
	return equals && equals > text ? NULL : "NAME=value";
}

static const struct shape_field user_fields[] = {
	SHAPE_UINT32_OF("uid", struct oci_user, uid, .flags = SHAPE_REQUIRED),
	SHAPE_UINT32_OF("gid", struct oci_user, gid, .flags = SHAPE_REQUIRED),
	SHAPE_INT64_OF("umask", struct oci_user, umask, .absent = -1, .most = 0777),
	SHAPE_UINT32S_OF("additionalGids", struct oci_user, additional_gids, additional_gids_n),
};
static const struct shape user_shape = SHAPE("user", struct oci_user, user_fields);

static const struct shape_field rlimit_fields[] = {
	SHAPE_TEXT_OF("type", struct oci_rlimit, type, .flags = SHAPE_REQUIRED),
	SHAPE_UINT64_OF("soft", struct oci_rlimit, soft, .flags = SHAPE_REQUIRED),
	SHAPE_UINT64_OF("hard", struct oci_rlimit, hard, .flags = SHAPE_REQUIRED),
};
static const struct shape rlimit_shape = SHAPE("rlimit", struct oci_rlimit, rlimit_fields);

static const struct shape_field capabilities_fields[] = {
	OCI_STRINGS_OF("bounding", struct oci_capabilities, bounding),
	OCI_STRINGS_OF("effective", struct oci_capabilities, effective),
	OCI_STRINGS_OF("inheritable", struct oci_capabilities, inheritable),
	OCI_STRINGS_OF("permitted", struct oci_capabilities, permitted),
	OCI_STRINGS_OF("ambient", struct oci_capabilities, ambient),
};
static const struct shape capabilities_shape =
	SHAPE("capabilities", struct oci_capabilities, capabilities_fields);

static const struct shape_field process_fields[] = {
	SHAPE_BOOL_OF("terminal", struct oci_process, terminal),
	SHAPE_OBJECT_OF("user", struct oci_process, user, struct oci_user, &user_shape,
			.flags = SHAPE_PRINTED),
	OCI_STRINGS_OF("args", struct oci_process, args),
	OCI_STRINGS_OF("env", struct oci_process, env, .check = check_variable),
	SHAPE_TEXT_OF("cwd", struct oci_process, cwd, .flags = SHAPE_REQUIRED,
		      .check = check_absolute),
	SHAPE_OBJECT_OF("capabilities", struct oci_process, capabilities, struct oci_capabilities,
			&capabilities_shape),
	SHAPE_OBJECTS_OF("rlimits", struct oci_process, rlimits, rlimits_n, struct oci_rlimit,
			 &rlimit_shape),
	SHAPE_BOOL_OF("noNewPrivileges", struct oci_process, no_new_privileges),
	SHAPE_INT64_OF("oomScoreAdj", struct oci_process, oom_score_adj, .absent = INT64_MIN,
		       .least = -1000, .most = 1000),
};
static const struct shape process_shape = SHAPE("process", struct oci_process, process_fields);

static const struct shape_field root_fields[] = {
	SHAPE_TEXT_OF("path", struct oci_root, path, .flags = SHAPE_REQUIRED),
	SHAPE_BOOL_OF("readonly", struct oci_root, readonly),
};
static const struct shape root_shape = SHAPE("root", struct oci_root, root_fields);

static const struct shape_field id_map_fields[] = {
	SHAPE_UINT32_OF("containerID", struct oci_id_map, container_id, .flags = SHAPE_REQUIRED),
	SHAPE_UINT32_OF("hostID", struct oci_id_map, host_id, .flags = SHAPE_REQUIRED),
	SHAPE_UINT32_OF("size", struct oci_id_map, size, .flags = SHAPE_REQUIRED),
};
static const struct shape id_map_shape = SHAPE("id map", struct oci_id_map, id_map_fields);

static const struct shape_field mount_fields[] = {
	SHAPE_TEXT_OF("destination", struct oci_mount, destination, .flags = SHAPE_REQUIRED),
	SHAPE_TEXT_OF("type", struct oci_mount, type),
	SHAPE_TEXT_OF("source", struct oci_mount, source),
	OCI_STRINGS_OF("options", struct oci_mount, options),
	SHAPE_OBJECTS_OF("uidMappings", struct oci_mount, uid_mappings, uid_mappings_n,
			 struct oci_id_map, &id_map_shape),
	SHAPE_OBJECTS_OF("gidMappings", struct oci_mount, gid_mappings, gid_mappings_n,
			 struct oci_id_map, &id_map_shape),
};
static const struct shape mount_shape = SHAPE("mount", struct oci_mount, mount_fields);

static const struct shape_field namespace_fields[] = {
	SHAPE_TEXT_OF("type", struct oci_namespace, type, .flags = SHAPE_REQUIRED),
	SHAPE_TEXT_OF("path", struct oci_namespace, path, .check = check_absolute),
};
static const struct shape namespace_shape =
	SHAPE("namespace", struct oci_namespace, namespace_fields);

// The kernel's device numbers are 12 and 20 bits wide.
static const struct shape_field device_fields[] = {
	SHAPE_TEXT_OF("path", struct oci_device, path, .flags = SHAPE_REQUIRED,
		      .check = check_absolute),
	SHAPE_TEXT_OF("type", struct oci_device, type, .flags = SHAPE_REQUIRED),
	SHAPE_INT64_OF("major", struct oci_device, major, .most = (1 << 12) - 1),
	SHAPE_INT64_OF("minor", struct oci_device, minor, .most = (1 << 20) - 1),
	SHAPE_MODE_OF("fileMode", struct oci_device, file_mode, .absent = 0666),
	SHAPE_UINT32_OF("uid", struct oci_device, uid),
	SHAPE_UINT32_OF("gid", struct oci_device, gid),
};
static const struct shape device_shape = SHAPE("device", struct oci_device, device_fields);

static const struct shape_field personality_fields[] = {
	SHAPE_TEXT_OF("domain", struct oci_personality, domain),
	OCI_STRINGS_OF("flags", struct oci_personality, flags),
};
static const struct shape personality_shape =
	SHAPE("personality", struct oci_personality, personality_fields);

static const struct shape_field time_offset_fields[] = {
	SHAPE_INT64_OF("secs", struct oci_time_offset, secs, .least = INT64_MIN, .most = INT64_MAX),
	SHAPE_UINT32_OF("nanosecs", struct oci_time_offset, nanosecs, .most = 999999999),
};
static const struct shape time_offset_shape =
	SHAPE("time offset", struct oci_time_offset, time_offset_fields);

static const struct shape_field time_offsets_fields[] = {
	SHAPE_OBJECT_OF("monotonic", struct oci_time_offsets, monotonic, struct oci_time_offset,
			&time_offset_shape),
	SHAPE_OBJECT_OF("boottime", struct oci_time_offsets, boottime, struct oci_time_offset,
			&time_offset_shape),
};
static const struct shape time_offsets_shape =
	SHAPE("time offsets", struct oci_time_offsets, time_offsets_fields);

static const struct shape_field linux_fields[] = {
	SHAPE_OBJECTS_OF("namespaces", struct oci_linux, namespaces, namespaces_n,
			 struct oci_namespace, &namespace_shape),
	SHAPE_OBJECTS_OF("uidMappings", struct oci_linux, uid_mappings, uid_mappings_n,
			 struct oci_id_map, &id_map_shape),
	SHAPE_OBJECTS_OF("gidMappings", struct oci_linux, gid_mappings, gid_mappings_n,
			 struct oci_id_map, &id_map_shape),
	SHAPE_OBJECTS_OF("devices", struct oci_linux, devices, devices_n, struct oci_device,
			 &device_shape),
	SHAPE_OBJECT_OF("timeOffsets", struct oci_linux, time_offsets, struct oci_time_offsets,
			&time_offsets_shape),
	OCI_PAIRS_OF("sysctl", struct oci_linux, sysctl),
	SHAPE_TEXT_OF("cgroupsPath", struct oci_linux, cgroups_path),
	SHAPE_OBJECT_OF("resources", struct oci_linux, resources, struct oci_resources,
			&oci_resources_shape),
	SHAPE_OBJECT_OF("personality", struct oci_linux, personality, struct oci_personality,
			&personality_shape),
	SHAPE_TEXT_OF("rootfsPropagation", struct oci_linux, rootfs_propagation),
	OCI_STRINGS_OF("maskedPaths", struct oci_linux, masked_paths, .check = check_absolute),
	OCI_STRINGS_OF("readonlyPaths", struct oci_linux, readonly_paths, .check = check_absolute),
	SHAPE_POINTER_OF("seccomp", struct oci_linux, seccomp, struct oci_seccomp,
			 &oci_seccomp_shape),
};
static const struct shape linux_shape = SHAPE("linux", struct oci_linux, linux_fields);

static const struct shape_field spec_fields[] = {
	SHAPE_TEXT_OF("ociVersion", struct oci_spec, oci_version, .flags = SHAPE_REQUIRED),
	SHAPE_OBJECT_OF("process", struct oci_spec, process, struct oci_process, &process_shape),
	SHAPE_OBJECT_OF("root", struct oci_spec, root, struct oci_root, &root_shape),
	SHAPE_TEXT_OF("hostname", struct oci_spec, hostname),
	SHAPE_TEXT_OF("domainname", struct oci_spec, domainname),
	SHAPE_OBJECTS_OF("mounts", struct oci_spec, mounts, mounts_n, struct oci_mount,
			 &mount_shape),
	SHAPE_OBJECT_OF("linux", struct oci_spec, linux_, struct oci_linux, &linux_shape),
	OCI_PAIRS_OF("annotations", struct oci_spec, annotations),
	OCI_UNKNOWN_KEYS(struct oci_spec, unknown),
};
static const struct shape spec_shape = SHAPE("config.json", struct oci_spec, spec_fields);

const struct oci_namespace *oci_namespace_find(const struct oci_linux *linux_, const char *type)
{
	for (size_t i = 0; i < linux_->namespaces_n; i++)
		if (str_eq(linux_->namespaces[i].type, type))
			return &linux_->namespaces[i];
	return NULL;
}

bool oci_namespace_is_own(const struct oci_linux *linux_, const char *type)
{
	const struct oci_namespace *found = oci_namespace_find(linux_, type);
	return found && !found->path;
}

void oci_spec_init(struct oci_spec *spec)
{
	shape_init(&spec_shape, spec);
}

int oci_spec_parse(struct arena *arena, struct str text, struct oci_spec *ret_spec)
{
	return shape_parse(arena, &spec_shape, text, ret_spec);
}

void oci_spec_print(struct buf *buf, const struct oci_spec *spec)
{
	struct json_writer json = json_writer_new(buf, JSON_INDENTED);
	shape_print(&json, &spec_shape, spec);
	buf_putc(buf, '\n');
}
