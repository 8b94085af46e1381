// SPDX-License-Identifier: Apache-2.0
// resources.c - linux.resources of a runtime document, as tables
//
// The document has an object for each controller; the struct is flat, so all count from it.
#include "oci/resources.h"

static const struct shape_field device_rule_fields[] = {
	SHAPE_BOOL_OF("allow", struct oci_device_rule, allow, .flags = SHAPE_REQUIRED),
	SHAPE_TEXT_OF("type", struct oci_device_rule, type),
	SHAPE_INT64_OF("major", struct oci_device_rule, major, .absent = -1, .least = -1,
		       .most = UINT32_MAX),
	SHAPE_INT64_OF("minor", struct oci_device_rule, minor, .absent = -1, .least = -1,
		       .most = UINT32_MAX),
	SHAPE_TEXT_OF("access", struct oci_device_rule, access),
};
static const struct shape device_rule_shape =
	SHAPE("device rule", struct oci_device_rule, device_rule_fields);

#define BYTES_OF(key, member)                                                                      \
	SHAPE_INT64_OF(key, struct oci_resources, member, .absent = INT64_MIN, .least = -1,        \
		       .most = INT64_MAX)

static const struct shape_field memory_fields[] = {
	BYTES_OF("limit", memory_limit),
	BYTES_OF("reservation", memory_reservation),
	BYTES_OF("swap", memory_swap),
	BYTES_OF("kernel", memory_kernel),
	BYTES_OF("kernelTCP", memory_kernel_tcp),
	SHAPE_INT64_OF("swappiness", struct oci_resources, memory_swappiness, .absent = INT64_MIN,
		       .most = 100),
	SHAPE_BOOL_OF("disableOOMKiller", struct oci_resources, memory_oom_kill_off),
	SHAPE_BOOL_OF("useHierarchy", struct oci_resources, memory_hierarchy),
	SHAPE_BOOL_OF("checkBeforeUpdate", struct oci_resources, memory_check_update),
};
static const struct shape memory_shape = SHAPE("memory", struct oci_resources, memory_fields);

static const struct shape_field cpu_fields[] = {
	SHAPE_UINT64_OF("shares", struct oci_resources, cpu_shares, .absent = -1),
	SHAPE_INT64_OF("quota", struct oci_resources, cpu_quota, .absent = INT64_MIN),
	SHAPE_UINT64_OF("burst", struct oci_resources, cpu_burst, .absent = -1),
	SHAPE_UINT64_OF("period", struct oci_resources, cpu_period, .absent = -1),
	SHAPE_INT64_OF("realtimeRuntime", struct oci_resources, cpu_rt_runtime,
		       .absent = INT64_MIN),
	SHAPE_UINT64_OF("realtimePeriod", struct oci_resources, cpu_rt_period, .absent = -1),
	SHAPE_TEXT_OF("cpus", struct oci_resources, cpuset_cpus),
	SHAPE_TEXT_OF("mems", struct oci_resources, cpuset_mems),
	SHAPE_INT64_OF("idle", struct oci_resources, cpu_idle, .absent = INT64_MIN),
};
static const struct shape cpu_shape = SHAPE("cpu", struct oci_resources, cpu_fields);

static const struct shape_field pids_fields[] = {
	SHAPE_INT64_OF("limit", struct oci_resources, pids_limit, .absent = INT64_MIN),
};
static const struct shape pids_shape = SHAPE("pids", struct oci_resources, pids_fields);

#define NUMBER_OF(key, type, member)                                                               \
	SHAPE_INT64_OF(key, type, member, .flags = SHAPE_REQUIRED, .most = UINT32_MAX)

#define WEIGHT_OF(key, type, member) SHAPE_INT64_OF(key, type, member, .least = 10, .most = 1000)

static const struct shape_field weight_device_fields[] = {
	NUMBER_OF("major", struct oci_weight_device, major),
	NUMBER_OF("minor", struct oci_weight_device, minor),
	WEIGHT_OF("weight", struct oci_weight_device, weight),
	WEIGHT_OF("leafWeight", struct oci_weight_device, leaf_weight),
};
static const struct shape weight_device_shape =
	SHAPE("weight of a device", struct oci_weight_device, weight_device_fields);

static const struct shape_field throttle_fields[] = {
	NUMBER_OF("major", struct oci_throttle, major),
	NUMBER_OF("minor", struct oci_throttle, minor),
	SHAPE_UINT64_OF("rate", struct oci_throttle, rate, .flags = SHAPE_REQUIRED),
};
static const struct shape throttle_shape =
	SHAPE("rate of a device", struct oci_throttle, throttle_fields);

#define THROTTLE_OF(key, index)                                                                    \
	SHAPE_OBJECTS_OF(key, struct oci_resources, throttle[index].item, throttle[index].n,       \
			 struct oci_throttle, &throttle_shape)

static const struct shape_field io_fields[] = {
	SHAPE_INT64_OF("weight", struct oci_resources, io_weight, .absent = INT64_MIN,
		       .most = 1000),
	SHAPE_INT64_OF("leafWeight", struct oci_resources, io_leaf_weight, .most = 1000),
	SHAPE_OBJECTS_OF("weightDevice", struct oci_resources, io_weights, io_weights_n,
			 struct oci_weight_device, &weight_device_shape),
	THROTTLE_OF("throttleReadBpsDevice", OCI_THROTTLE_READ_BPS),
	THROTTLE_OF("throttleWriteBpsDevice", OCI_THROTTLE_WRITE_BPS),
	THROTTLE_OF("throttleReadIOPSDevice", OCI_THROTTLE_READ_IOPS),
	THROTTLE_OF("throttleWriteIOPSDevice", OCI_THROTTLE_WRITE_IOPS),
};
static const struct shape io_shape = SHAPE("blockIO", struct oci_resources, io_fields);

static const char *check_page_size(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	const char *unit = text + digits;
	bool fine =
		digits && text[0] != '0' && *unit && strchr("KMG", *unit) && str_eq(unit + 1, "B");
	return fine ? NULL : "a size such as 2MB";
}

static const struct shape_field hugepage_fields[] = {
	SHAPE_TEXT_OF("pageSize", struct oci_hugepage_limit, page_size, .flags = SHAPE_REQUIRED,
		      .check = check_page_size),
	SHAPE_UINT64_OF("limit", struct oci_hugepage_limit, limit, .flags = SHAPE_REQUIRED),
};
static const struct shape hugepage_shape =
	SHAPE("limit of huge pages", struct oci_hugepage_limit, hugepage_fields);

static const struct shape_field net_priority_fields[] = {
	SHAPE_TEXT_OF("name", struct oci_net_priority, name, .flags = SHAPE_REQUIRED),
	SHAPE_UINT32_OF("priority", struct oci_net_priority, priority, .flags = SHAPE_REQUIRED),
};
static const struct shape net_priority_shape =
	SHAPE("network priority", struct oci_net_priority, net_priority_fields);

static const struct shape_field network_fields[] = {
	SHAPE_INT64_OF("classID", struct oci_resources, net_class, .absent = -1,
		       .most = UINT32_MAX),
	SHAPE_OBJECTS_OF("priorities", struct oci_resources, net_priorities, net_priorities_n,
			 struct oci_net_priority, &net_priority_shape),
};
static const struct shape network_shape = SHAPE("network", struct oci_resources, network_fields);

static const struct shape_field rdma_fields[] = {
	SHAPE_INT64_OF("hcaHandles", struct oci_rdma_limit, handles, .absent = -1,
		       .most = UINT32_MAX),
	SHAPE_INT64_OF("hcaObjects", struct oci_rdma_limit, objects, .absent = -1,
		       .most = UINT32_MAX),
};
static const struct shape rdma_shape = SHAPE("rdma", struct oci_rdma_limit, rdma_fields);

static const struct shape_field resources_fields[] = {
	SHAPE_OBJECTS_OF("devices", struct oci_resources, devices, devices_n,
			 struct oci_device_rule, &device_rule_shape),
	SHAPE_INLINE("memory", &memory_shape),
	SHAPE_INLINE("cpu", &cpu_shape),
	SHAPE_INLINE("pids", &pids_shape),
	SHAPE_INLINE("blockIO", &io_shape),
	SHAPE_OBJECTS_OF("hugepageLimits", struct oci_resources, hugepages, hugepages_n,
			 struct oci_hugepage_limit, &hugepage_shape),
	SHAPE_INLINE("network", &network_shape),
	SHAPE_KEYED_OF("rdma", struct oci_resources, rdma, rdma_n, struct oci_rdma_limit, device,
		       &rdma_shape),
	SHAPE_PAIRS_OF("unified", struct oci_resources, unified, unified_n),
};

const struct shape oci_resources_shape = SHAPE("resources", struct oci_resources, resources_fields);

int oci_resources_parse(struct arena *arena, struct str text, struct oci_resources *ret_resources,
			struct oci_strings *ret_unknown)
{
	return shape_parse_part(arena, &oci_resources_shape, text, ret_resources,
				&ret_unknown->item, &ret_unknown->n);
}
