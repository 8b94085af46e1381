// SPDX-License-Identifier: Apache-2.0
// v1.c - the limits as cgroup v1's files take them
//
// Every controller has its own tree, mounted in a directory of its own, and every file of v1 holds
// one number; -1 stands for "no limit", but in pids.max, which came late and says "max".
//
// Memory has two limits: of memory, and of memory and swap together ("memsw"). The kernel wants the
// second never to be below the first. A new group has no limits, so the first is written first;
// whoever raises both of a group in use has to begin with the second.
//
// A new cpuset is empty and takes no process: what is not given is the group's above.
//
// A child enters by writing 0, which means "me", to `tasks`. cgroup.procs would move all threads of
// a process under a lock of the whole system, and the child has one thread.
#include "kern/cgroup/v1.h"

#include "base/buf.h"
#include "base/sys.h"
#include "kern/cgroup/read.h"

#include <fcntl.h>

// The list and whose files are added to it.
struct to {
	struct cgroup_list *list;
	enum controller controller;
	const char *directory;
};

static void add_text(const struct to *to, const char *file, const char *value)
{
	cgroup_add(to->list, to->controller, to->directory, file, value);
}

static void add(const struct to *to, const char *file, int64_t value)
{
	if (value != INT64_MIN)
		add_text(to, file, arena_printf(to->list->arena, "%lld", (long long)value));
}

static void add_memory(const struct to *to, const struct cgroup_limits *limits,
		       const struct facts *facts)
{
	add(to, "memory.limit_in_bytes", limits->memory);
	if (facts->swap_accounting)
		add(to, "memory.memsw.limit_in_bytes", limits->memory_swap);
	add(to, "memory.soft_limit_in_bytes", limits->memory_reservation);
	add(to, "memory.swappiness", limits->swappiness);
	if (limits->oom_kill_off)
		add(to, "memory.oom_control", 1);
}

static void add_cpu(const struct to *to, const struct cgroup_limits *limits)
{
	add(to, "cpu.shares", limits->cpu_shares);
	add(to, "cpu.cfs_period_us", limits->cpu_period);
	add(to, "cpu.cfs_quota_us", limits->cpu_quota);
	add(to, "cpu.cfs_burst_us", limits->cpu_burst);
	add(to, "cpu.rt_period_us", limits->rt_period);
	add(to, "cpu.rt_runtime_us", limits->rt_runtime);
	add(to, "cpu.idle", limits->cpu_idle);
}

static void add_io(const struct to *to, const struct cgroup_limits *limits)
{
	static const char *const files[CGROUP_IO_COUNT] = {
		[CGROUP_READ_BPS] = "blkio.throttle.read_bps_device",
		[CGROUP_WRITE_BPS] = "blkio.throttle.write_bps_device",
		[CGROUP_READ_IOPS] = "blkio.throttle.read_iops_device",
		[CGROUP_WRITE_IOPS] = "blkio.throttle.write_iops_device",
	};
	add(to, "blkio.bfq.weight", limits->io_weight);
	if (limits->io_weights.n)
		add_text(to, "blkio.bfq.weight_device",
			 cgroup_v1_rates(to->list->arena, &limits->io_weights));
	for (int kind = 0; kind < CGROUP_IO_COUNT; kind++)
		if (limits->io[kind].n)
			add_text(to, files[kind],
				 cgroup_v1_rates(to->list->arena, &limits->io[kind]));
}

// A page that was reserved is promised: the limit of reservations makes mmap(2) fail, that of pages
// in use ends in SIGBUS. Both are set.
static void add_hugepages(const struct to *to, const struct cgroup_limits *limits)
{
	struct arena *arena = to->list->arena;
	for (size_t i = 0; i < limits->hugepages_n; i++) {
		const struct cgroup_hugepages *pages = &limits->hugepages[i];
		const char *limit = arena_printf(arena, "%llu", (unsigned long long)pages->limit);
		add_text(to, arena_printf(arena, "hugetlb.%s.limit_in_bytes", pages->size), limit);
		add_text(to, arena_printf(arena, "hugetlb.%s.rsvd.limit_in_bytes", pages->size),
			 limit);
	}
}

static const char *priorities(struct arena *arena, const struct cgroup_limits *limits)
{
	struct buf text = buf_new(arena, 64 * 1024);
	for (size_t i = 0; i < limits->net_priorities_n; i++)
		buf_printf(&text, "%s%s %u", i ? ";" : "", limits->net_priorities[i].name,
			   limits->net_priorities[i].priority);
	return text.p;
}

const char *cgroup_rdma_text(struct arena *arena, const struct cgroup_limits *limits)
{
	struct buf text = buf_new(arena, 64 * 1024);
	for (size_t i = 0; i < limits->rdma_n; i++) {
		const struct cgroup_rdma *at = &limits->rdma[i];
		buf_printf(&text, "%s%s", i ? ";" : "", at->device);
		if (at->handles >= 0)
			buf_printf(&text, " hca_handle=%lld", (long long)at->handles);
		if (at->objects >= 0)
			buf_printf(&text, " hca_object=%lld", (long long)at->objects);
	}
	return text.p;
}

static bool is_here(enum controller controller, const struct facts *facts)
{
	return facts->controller[controller].kind == CGROUP_V1;
}

void cgroup_v1_writes(struct cgroup_list *list, const struct cgroup_limits *limits,
		      const struct facts *facts)
{
	static const enum controller order[] = {
		CONTROLLER_MEMORY, CONTROLLER_CPU,     CONTROLLER_PIDS,
		CONTROLLER_CPUSET, CONTROLLER_BLKIO,   CONTROLLER_HUGETLB,
		CONTROLLER_RDMA,   CONTROLLER_NET_CLS, CONTROLLER_NET_PRIO};
	unsigned wanted = cgroup_controllers(limits);
	for (size_t i = 0; i < lengthof(order); i++) {
		enum controller controller = order[i];
		if (!(wanted >> controller & 1) || !is_here(controller, facts))
			continue;
		const char *directory = facts->controller[controller].directory;
		const struct to to = {list, controller,
				      cgroup_path(list->arena, directory, list->name)};
		if (controller == CONTROLLER_MEMORY)
			add_memory(&to, limits, facts);
		else if (controller == CONTROLLER_CPU)
			add_cpu(&to, limits);
		else if (controller == CONTROLLER_PIDS)
			add_text(&to, "pids.max", cgroup_number_or_max(list->arena, limits->pids));
		else if (controller == CONTROLLER_BLKIO)
			add_io(&to, limits);
		else if (controller == CONTROLLER_HUGETLB)
			add_hugepages(&to, limits);
		else if (controller == CONTROLLER_RDMA)
			add_text(&to, "rdma.max", cgroup_rdma_text(list->arena, limits));
		else if (controller == CONTROLLER_NET_CLS)
			add(&to, "net_cls.classid", limits->net_class);
		else if (controller == CONTROLLER_NET_PRIO)
			add_text(&to, "net_prio.ifpriomap", priorities(list->arena, limits));
		else if (controller == CONTROLLER_CPUSET) {
			add_text(&to, "cpuset.cpus", limits->cpus);
			add_text(&to, "cpuset.mems", limits->mems);
		}
	}
}

int cgroup_v1_join(const char *tasks)
{
	int fd = (int)sys_call(SYS_openat, AT_FDCWD, tasks, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return fd;
	long written = sys_call(SYS_write, fd, "0", 1);
	sys_call(SYS_close, fd);
	return written < 0 ? (int)written : 0;
}

static const char *group(struct arena *arena, enum controller controller, const struct facts *facts,
			 const char *name)
{
	return cgroup_path(arena, facts->controller[controller].directory, name);
}

static uint64_t microseconds(uint64_t nanoseconds)
{
	return nanoseconds == UINT64_MAX ? UINT64_MAX : nanoseconds / 1000;
}

static void report_memory(struct arena *arena, const char *memory, enum cgroup_ask ask,
			  struct cgroup_report *report)
{
	report->oom_kills = cgroup_read(arena, memory, "memory.oom_control", "oom_kill");
	if (ask == CGROUP_ASK_KILLS)
		return;
	report->memory_peak = cgroup_read(arena, memory, "memory.max_usage_in_bytes", NULL);
	report->memory_max_hits = cgroup_read(arena, memory, "memory.failcnt", NULL);
}

void cgroup_v1_report(struct arena *arena, const struct facts *facts, const char *name,
		      enum cgroup_ask ask, struct cgroup_report *report)
{
	if (is_here(CONTROLLER_MEMORY, facts))
		report_memory(arena, group(arena, CONTROLLER_MEMORY, facts, name), ask, report);
	if (ask == CGROUP_ASK_KILLS)
		return;
	if (is_here(CONTROLLER_PIDS, facts)) {
		const char *pids = group(arena, CONTROLLER_PIDS, facts, name);
		report->pids_peak = cgroup_read(arena, pids, "pids.peak", NULL);
		report->pids_max_hits = cgroup_read(arena, pids, "pids.events", "max");
	}
	if (is_here(CONTROLLER_CPU, facts)) {
		const char *cpu = group(arena, CONTROLLER_CPU, facts, name);
		report->cpu_throttled =
			microseconds(cgroup_read(arena, cpu, "cpu.stat", "throttled_time"));
	}
	if (is_here(CONTROLLER_CPUACCT, facts)) {
		const char *used = group(arena, CONTROLLER_CPUACCT, facts, name);
		report->cpu_used = microseconds(cgroup_read(arena, used, "cpuacct.usage", NULL));
	}
}
