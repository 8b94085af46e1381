// SPDX-License-Identifier: Apache-2.0
// json.c - the facts as a document
//
// Tests describe a host by one: a plan can be made for a kernel that nobody here runs. Controllers
// stand under their names, with the version of cgroups they are on; what is not written is not
// there.
#include "kern/facts.h"

#include "base/shape.h"

static_assert(CGROUP_V1 == 1 && CGROUP_V2 == 2, "the document has the version's number");

static const struct shape_field controller_fields[] = {
	SHAPE_UINT32_OF("version", struct facts_controller, kind, .most = CGROUP_V2),
	SHAPE_TEXT_OF("directory", struct facts_controller, directory),
	SHAPE_TEXT_OF("own", struct facts_controller, own),
	SHAPE_BOOL_OF("enabled", struct facts_controller, enabled),
};
static const struct shape controller_shape =
	SHAPE("controller", struct facts_controller, controller_fields);

static const struct shape_field range_fields[] = {
	SHAPE_UINT32_OF("first", struct facts_id_range, first),
	SHAPE_UINT32_OF("count", struct facts_id_range, count),
};
static const struct shape range_shape = SHAPE("range", struct facts_id_range, range_fields);

#define CONTROLLER(name, index)                                                                    \
	{                                                                                          \
		.key = name, .kind = SHAPE_OBJECT, .shape = &controller_shape,                     \
		.offset = offsetof(struct facts, controller[index])                                \
	}

static const struct shape_field controllers_fields[] = {
	CONTROLLER("cpu", CONTROLLER_CPU),         CONTROLLER("cpuacct", CONTROLLER_CPUACCT),
	CONTROLLER("cpuset", CONTROLLER_CPUSET),   CONTROLLER("memory", CONTROLLER_MEMORY),
	CONTROLLER("pids", CONTROLLER_PIDS),       CONTROLLER("devices", CONTROLLER_DEVICES),
	CONTROLLER("freezer", CONTROLLER_FREEZER), CONTROLLER("blkio", CONTROLLER_BLKIO),
	CONTROLLER("hugetlb", CONTROLLER_HUGETLB), CONTROLLER("rdma", CONTROLLER_RDMA),
	CONTROLLER("net_cls", CONTROLLER_NET_CLS), CONTROLLER("net_prio", CONTROLLER_NET_PRIO),
};
static_assert(lengthof(controllers_fields) == CONTROLLER_COUNT, "a row a controller");
static const struct shape controllers_shape =
	SHAPE("controllers", struct facts, controllers_fields);

static const struct shape_field facts_fields[] = {
	SHAPE_UINT32_OF("uid", struct facts, uid, .flags = SHAPE_PRINTED),
	SHAPE_UINT32_OF("gid", struct facts, gid, .flags = SHAPE_PRINTED),
	SHAPE_TEXT_OF("user", struct facts, user),
	SHAPE_UINT32_OF("kernel_major", struct facts, kernel_major),
	SHAPE_UINT32_OF("kernel_minor", struct facts, kernel_minor),
	SHAPE_TEXT_OF("machine", struct facts, machine),
	SHAPE_UINT64_OF("capabilities", struct facts, capabilities),
	SHAPE_UINT64_OF("bounding", struct facts, bounding),
	SHAPE_UINT64_OF("ignored", struct facts, ignored),
	SHAPE_UINT32_OF("last_capability", struct facts, last_capability),
	SHAPE_UINT64_OF("nofile_hard", struct facts, nofile_hard),
	SHAPE_BOOL_OF("nested", struct facts, nested),
	SHAPE_INLINE("controllers", &controllers_shape),
	SHAPE_TEXT_OF("cgroup2", struct facts, cgroup2),
	SHAPE_TEXT_OF("cgroup2_own", struct facts, cgroup2_own),
	SHAPE_BOOL_OF("swap_accounting", struct facts, swap_accounting),
	SHAPE_BOOL_OF("device_filter", struct facts, device_filter),
	SHAPE_TEXT_OF("cpus", struct facts, cpus),
	SHAPE_TEXT_OF("mems", struct facts, mems),
	SHAPE_BOOL_OF("rt_groups", struct facts, rt_groups),
	SHAPE_TEXT_OF("io_scheduler", struct facts, io_scheduler),
	SHAPE_TEXT_OF("delegated", struct facts, delegated),
	SHAPE_TEXT_OF("delegated_controllers", struct facts, delegated_controllers),
	SHAPE_BOOL_OF("service_manager", struct facts, service_manager),
	SHAPE_TEXT_OF("bus", struct facts, bus),
	SHAPE_TEXT_OF("bus_group", struct facts, bus_group),
	SHAPE_BOOL_OF("bus_user", struct facts, bus_user),
	SHAPE_OBJECT_OF("subuid", struct facts, subuid, struct facts_id_range, &range_shape),
	SHAPE_OBJECT_OF("subgid", struct facts, subgid, struct facts_id_range, &range_shape),
	SHAPE_TEXT_OF("newuidmap", struct facts, newuidmap),
	SHAPE_TEXT_OF("newgidmap", struct facts, newgidmap),
	SHAPE_TEXT_OF("user_namespace_denied", struct facts, user_namespace_denied),
	SHAPE_BOOL_OF("overlay_in_userns", struct facts, overlay_in_userns),
	SHAPE_BOOL_OF("idmapped_layers", struct facts, idmapped_layers),
};
static const struct shape facts_shape = SHAPE("facts", struct facts, facts_fields);

int facts_from_json(struct arena *arena, struct str text, struct facts *ret_facts)
{
	return shape_parse(arena, &facts_shape, text, ret_facts);
}

struct str facts_to_json(struct arena *arena, const struct facts *facts)
{
	struct buf text = buf_new(arena, 64 * 1024);
	struct json_writer json = json_writer_new(&text, JSON_INDENTED);
	shape_print(&json, &facts_shape, facts);
	buf_putc(&text, '\n');
	return buf_str(&text);
}
