// SPDX-License-Identifier: Apache-2.0
// limits.c - the limits of a document, as the kernel's controllers take them
#include "box/plan/builder.h"

#include "base/fail.h"
#include "kern/cgroup/cgroup.h"

static_assert((int)CGROUP_IO_COUNT == (int)OCI_THROTTLE_COUNT &&
		      (int)CGROUP_READ_BPS == (int)OCI_THROTTLE_READ_BPS &&
		      (int)CGROUP_WRITE_BPS == (int)OCI_THROTTLE_WRITE_BPS &&
		      (int)CGROUP_READ_IOPS == (int)OCI_THROTTLE_READ_IOPS &&
		      (int)CGROUP_WRITE_IOPS == (int)OCI_THROTTLE_WRITE_IOPS,
	      "the lists of rates are copied in their order");

// What the document has as an unsigned number: "not given" is UINT64_MAX there.
static int64_t number(uint64_t value)
{
	return value > INT64_MAX ? (value == UINT64_MAX ? INT64_MIN : INT64_MAX) : (int64_t)value;
}

enum { IO_WEIGHT_LEAST = 10 };

// Engines that speak to runc write 0 where nothing was asked for.
static int64_t set(int64_t value)
{
	return value ? value : INT64_MIN;
}

static struct cgroup_rates rates(struct arena *arena, const struct oci_throttles *from)
{
	struct cgroup_rate *items = arena_array(arena, struct cgroup_rate, from->n);
	for (size_t i = 0; i < from->n; i++)
		items[i] = (struct cgroup_rate){
			(uint32_t)from->item[i].major,
			(uint32_t)from->item[i].minor,
			from->item[i].rate,
		};
	return (struct cgroup_rates){items, from->n};
}

static void take_io(struct arena *arena, const struct oci_resources *from,
		    struct cgroup_limits *limits)
{
	struct cgroup_rate *weights = arena_array(arena, struct cgroup_rate, from->io_weights_n);
	for (size_t i = 0; i < from->io_weights_n; i++)
		weights[i] = (struct cgroup_rate){
			(uint32_t)from->io_weights[i].major,
			(uint32_t)from->io_weights[i].minor,
			(uint64_t)from->io_weights[i].weight,
		};
	limits->io_weight = set(from->io_weight);
	limits->io_weights = (struct cgroup_rates){weights, from->io_weights_n};
	for (int kind = 0; kind < CGROUP_IO_COUNT; kind++)
		limits->io[kind] = rates(arena, &from->throttle[kind]);
}

static void take_network(struct arena *arena, const struct oci_resources *from,
			 struct cgroup_limits *limits)
{
	struct cgroup_rdma *rdma = arena_array(arena, struct cgroup_rdma, from->rdma_n);
	struct cgroup_net_priority *priorities =
		arena_array(arena, struct cgroup_net_priority, from->net_priorities_n);
	for (size_t i = 0; i < from->rdma_n; i++)
		rdma[i] = (struct cgroup_rdma){from->rdma[i].device, from->rdma[i].handles,
					       from->rdma[i].objects};
	for (size_t i = 0; i < from->net_priorities_n; i++)
		priorities[i] = (struct cgroup_net_priority){from->net_priorities[i].name,
							     from->net_priorities[i].priority};
	limits->rdma = rdma;
	limits->rdma_n = from->rdma_n;
	limits->net_class = from->net_class <= 0 ? INT64_MIN : from->net_class;
	limits->net_priorities = priorities;
	limits->net_priorities_n = from->net_priorities_n;
}

static void take_lists(struct arena *arena, const struct oci_resources *from,
		       struct cgroup_limits *limits)
{
	struct cgroup_hugepages *pages =
		arena_array(arena, struct cgroup_hugepages, from->hugepages_n);
	struct cgroup_key *keys = arena_array(arena, struct cgroup_key, from->unified_n);
	for (size_t i = 0; i < from->hugepages_n; i++)
		pages[i] = (struct cgroup_hugepages){from->hugepages[i].page_size,
						     from->hugepages[i].limit};
	for (size_t i = 0; i < from->unified_n; i++)
		keys[i] = (struct cgroup_key){from->unified[i].name, from->unified[i].value};
	take_network(arena, from, limits);
	limits->hugepages = pages;
	limits->hugepages_n = from->hugepages_n;
	limits->keys = keys;
	limits->keys_n = from->unified_n;
}

int plan_limits(struct arena *arena, const struct oci_resources *from,
		struct cgroup_limits *ret_limits)
{
	struct cgroup_limits limits = {
		.memory = set(from->memory_limit),
		.memory_swap = set(from->memory_swap),
		.memory_reservation = set(from->memory_reservation),
		.swappiness = from->memory_swappiness,
		.oom_kill_off = from->memory_oom_kill_off,
		.cpu_quota = set(from->cpu_quota),
		.cpu_period = set(number(from->cpu_period)),
		.cpu_burst = number(from->cpu_burst),
		.cpu_shares = set(number(from->cpu_shares)),
		.cpu_idle = from->cpu_idle,
		.rt_period = set(number(from->cpu_rt_period)),
		.rt_runtime = from->cpu_rt_runtime,
		.cpus = from->cpuset_cpus,
		.mems = from->cpuset_mems,
		.pids = from->pids_limit,
	};
	if (set(from->memory_kernel) != INT64_MIN || set(from->memory_kernel_tcp) != INT64_MIN)
		return fail(-EOPNOTSUPP, "limit of kernel memory: kernels count it with the rest "
					 "now, and have none of its own");
	if (from->io_weight > 0 && from->io_weight < IO_WEIGHT_LEAST)
		return fail(-EINVAL,
			    "linux.resources.blockIO.weight %lld: from %d to 1000 is expected",
			    (long long)from->io_weight, IO_WEIGHT_LEAST);
	take_io(arena, from, &limits);
	take_lists(arena, from, &limits);
	*ret_limits = limits;
	return 0;
}
