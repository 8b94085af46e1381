// SPDX-License-Identifier: Apache-2.0
// linux.c - what of a runtime document only Linux has, as tables
#include "oci/linux.h"

#include "oci/check.h"
#include "oci/words.h"

static const struct shape_field id_map_fields[] = {
	SHAPE_UINT32_OF("containerID", struct oci_id_map, container_id, .flags = SHAPE_REQUIRED),
	SHAPE_UINT32_OF("hostID", struct oci_id_map, host_id, .flags = SHAPE_REQUIRED),
	SHAPE_UINT32_OF("size", struct oci_id_map, size, .flags = SHAPE_REQUIRED),
};
const struct shape oci_id_map_shape = SHAPE("id map", struct oci_id_map, id_map_fields);

static const struct shape_field namespace_fields[] = {
	SHAPE_TEXT_OF("type", struct oci_namespace, type, .flags = SHAPE_REQUIRED,
		      .words = oci_namespace_types),
	SHAPE_TEXT_OF("path", struct oci_namespace, path, .check = oci_check_absolute),
};
static const struct shape namespace_shape =
	SHAPE("namespace", struct oci_namespace, namespace_fields);

static const char *check_device_type(const char *text)
{
	return *text && strchr("cbup", *text) && !text[1] ? NULL : "one of c, b, u, p";
}

// The kernel's device numbers are 12 and 20 bits wide.
static const struct shape_field device_fields[] = {
	SHAPE_TEXT_OF("path", struct oci_device, path, .flags = SHAPE_REQUIRED,
		      .check = oci_check_absolute),
	SHAPE_TEXT_OF("type", struct oci_device, type, .flags = SHAPE_REQUIRED,
		      .check = check_device_type),
	SHAPE_INT64_OF("major", struct oci_device, major, .absent = -1, .most = (1 << 12) - 1),
	SHAPE_INT64_OF("minor", struct oci_device, minor, .absent = -1, .most = (1 << 20) - 1),
	SHAPE_MODE_OF("fileMode", struct oci_device, file_mode, .absent = 0666),
	SHAPE_UINT32_OF("uid", struct oci_device, uid),
	SHAPE_UINT32_OF("gid", struct oci_device, gid),
};
static const struct shape device_shape = SHAPE("device", struct oci_device, device_fields);

// dev_valid_name() of the kernel; "%d" may stand in a new name.
static const char *check_interface(const char *text)
{
	size_t n = strlen(text);
	bool fine = n && n < 16 && !str_eq(text, ".") && !str_eq(text, "..") &&
		    !strpbrk(text, "/: \t\n\v\f\r");
	return fine ? NULL : "a name of a network device, of at most 15 bytes";
}

static const struct shape_field net_device_fields[] = {
	SHAPE_TEXT_OF("name", struct oci_net_device, name, .check = check_interface),
};
static const struct shape net_device_shape =
	SHAPE("network device", struct oci_net_device, net_device_fields);

static const struct shape_field personality_fields[] = {
	SHAPE_TEXT_OF("domain", struct oci_personality, domain, .flags = SHAPE_REQUIRED,
		      .words = oci_personality_domains),
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

static const char *check_bandwidth(const char *text)
{
	return str_starts(text, "MB:") && !strchr(text, '\n') ? NULL
							      : "one line that begins with MB:";
}

static const struct shape_field intel_rdt_fields[] = {
	SHAPE_TEXT_OF("closID", struct oci_intel_rdt, clos_id),
	OCI_STRINGS_OF("schemata", struct oci_intel_rdt, schemata, .check = oci_check_line),
	SHAPE_TEXT_OF("l3CacheSchema", struct oci_intel_rdt, l3_cache_schema,
		      .check = oci_check_line),
	SHAPE_TEXT_OF("memBwSchema", struct oci_intel_rdt, mem_bw_schema, .check = check_bandwidth),
	SHAPE_BOOL_OF("enableMonitoring", struct oci_intel_rdt, enable_monitoring),
};
static const struct shape intel_rdt_shape =
	SHAPE("intelRdt", struct oci_intel_rdt, intel_rdt_fields);

static const struct shape_field memory_policy_fields[] = {
	SHAPE_TEXT_OF("mode", struct oci_memory_policy, mode, .flags = SHAPE_REQUIRED,
		      .words = oci_memory_modes),
	SHAPE_TEXT_OF("nodes", struct oci_memory_policy, nodes, .check = oci_check_cpus),
	OCI_STRINGS_OF("flags", struct oci_memory_policy, flags, .words = oci_memory_flags),
};
static const struct shape memory_policy_shape =
	SHAPE("memory policy", struct oci_memory_policy, memory_policy_fields);

static const struct shape_field linux_fields[] = {
	SHAPE_OBJECTS_OF("namespaces", struct oci_linux, namespaces, namespaces_n,
			 struct oci_namespace, &namespace_shape),
	SHAPE_OBJECTS_OF("uidMappings", struct oci_linux, uid_mappings, uid_mappings_n,
			 struct oci_id_map, &oci_id_map_shape),
	SHAPE_OBJECTS_OF("gidMappings", struct oci_linux, gid_mappings, gid_mappings_n,
			 struct oci_id_map, &oci_id_map_shape),
	SHAPE_OBJECTS_OF("devices", struct oci_linux, devices, devices_n, struct oci_device,
			 &device_shape),
	SHAPE_KEYED_OF("netDevices", struct oci_linux, net_devices, net_devices_n,
		       struct oci_net_device, host_name, &net_device_shape,
		       .check = check_interface),
	SHAPE_OBJECT_OF("timeOffsets", struct oci_linux, time_offsets, struct oci_time_offsets,
			&time_offsets_shape),
	OCI_PAIRS_OF("sysctl", struct oci_linux, sysctl),
	SHAPE_TEXT_OF("cgroupsPath", struct oci_linux, cgroups_path),
	SHAPE_OBJECT_OF("resources", struct oci_linux, resources, struct oci_resources,
			&oci_resources_shape),
	SHAPE_POINTER_OF("intelRdt", struct oci_linux, intel_rdt, struct oci_intel_rdt,
			 &intel_rdt_shape),
	SHAPE_OBJECT_OF("memoryPolicy", struct oci_linux, memory_policy, struct oci_memory_policy,
			&memory_policy_shape),
	SHAPE_OBJECT_OF("personality", struct oci_linux, personality, struct oci_personality,
			&personality_shape),
	SHAPE_TEXT_OF("rootfsPropagation", struct oci_linux, rootfs_propagation,
		      .words = oci_propagations),
	OCI_STRINGS_OF("maskedPaths", struct oci_linux, masked_paths, .check = oci_check_absolute),
	OCI_STRINGS_OF("readonlyPaths", struct oci_linux, readonly_paths,
		       .check = oci_check_absolute),
	SHAPE_TEXT_OF("mountLabel", struct oci_linux, mount_label),
	SHAPE_POINTER_OF("seccomp", struct oci_linux, seccomp, struct oci_seccomp,
			 &oci_seccomp_shape),
};
const struct shape oci_linux_shape = SHAPE("linux", struct oci_linux, linux_fields);

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
