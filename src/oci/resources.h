// SPDX-License-Identifier: Apache-2.0
// resources.h - linux.resources of a runtime document: what a container may use
//
// A number that is not given is INT64_MIN or UINT64_MAX, by its type; a text NULL.
#pragma once

#include "oci/lists.h"

struct oci_device_rule { // evaluated in order, the last match counts
	bool allow;
	const char *type;   // "a", "c", "b"; NULL: "a"
	int64_t major;      // -1: any
	int64_t minor;      // -1: any
	const char *access; // of "rwm"
};

struct oci_throttle { // one device's rate: bytes or operations a second
	int64_t major;
	int64_t minor;
	uint64_t rate;
};

struct oci_weight_device { // one device's share of its time
	int64_t major;
	int64_t minor;
	int64_t weight;      // 10 to 1000; 0: not given
	int64_t leaf_weight; // likewise, against the groups below
};

struct oci_net_priority { // of what leaves by one of the host's interfaces
	const char *name;
	uint32_t priority;
};

struct oci_rdma_limit {     // of one device for remote direct memory access
	const char *device; // "mlx5_1"
	int64_t handles;    // hca_handle; -1: not given
	int64_t objects;    // hca_object; -1: not given
};

struct oci_hugepage_limit {
	const char *page_size; // "2MB"
	uint64_t limit;        // bytes
};

// The four lists of rates, in the document's order.
enum oci_throttle_kind {
	OCI_THROTTLE_READ_BPS,
	OCI_THROTTLE_WRITE_BPS,
	OCI_THROTTLE_READ_IOPS,
	OCI_THROTTLE_WRITE_IOPS,
	OCI_THROTTLE_COUNT,
};

struct oci_throttles {
	struct oci_throttle *item;
	size_t n;
};

struct oci_resources {
	struct oci_device_rule *devices;
	size_t devices_n;

	int64_t memory_limit;       // bytes; -1 unlimited
	int64_t memory_swap;        // bytes of memory and swap together; -1 unlimited
	int64_t memory_reservation; // bytes that are spared when memory is short; -1 unlimited
	int64_t memory_kernel;      // bytes; modern kernels count it with the rest
	int64_t memory_kernel_tcp;  // likewise
	int64_t memory_swappiness;  // 0 to 100
	bool memory_oom_kill_off;   // processes wait for memory instead of being killed
	bool memory_hierarchy;      // cgroups below share the limit, as they do everywhere now
	bool memory_check_update;   // a limit below what is in use is refused

	uint64_t cpu_shares;     // 2 to 262144, 1024 is usual; 0: left alone
	uint64_t cpu_period;     // µs
	int64_t cpu_quota;       // µs a period; -1 unlimited
	uint64_t cpu_burst;      // µs that may be saved up
	uint64_t cpu_rt_period;  // µs, of real-time processes
	int64_t cpu_rt_runtime;  // µs a period, likewise
	int64_t cpu_idle;        // 1: runs only when nobody else wants to
	const char *cpuset_cpus; // "0-2,4"
	const char *cpuset_mems; // "0"

	int64_t pids_limit; // -1 unlimited

	int64_t io_weight;      // 10 to 1000; 0: left alone
	int64_t io_leaf_weight; // against the groups below; 0: not given
	struct oci_weight_device *io_weights;
	size_t io_weights_n;
	struct oci_throttles throttle[OCI_THROTTLE_COUNT];

	struct oci_hugepage_limit *hugepages;
	size_t hugepages_n;
	int64_t net_class; // what packets are tagged with; -1: not given
	struct oci_net_priority *net_priorities;
	size_t net_priorities_n;
	struct oci_rdma_limit *rdma;
	size_t rdma_n;
	struct shape_pair *unified; // files of cgroup v2 and what is written into them
	size_t unified_n;
};

extern const struct shape oci_resources_shape;

// Reads one that stands alone, as `update` takes it; *ret_unknown are the places of keys that are
// not known.
int oci_resources_parse(struct arena *arena, struct str text, struct oci_resources *ret_resources,
			struct oci_strings *ret_unknown);
