// SPDX-License-Identifier: Apache-2.0
// check.c - whether limits can be had on this host
//
// A limit that nobody would enforce is an error, found before anything is made. It may lack its
// controller; it may be one that only v1 has (v2 dropped swappiness, switching the OOM killer off
// and real-time budgets, v1 has no keys); or it may lie outside of what the kernel takes.
#include "kern/cgroup/cgroup.h"

#include "base/fail.h"
#include "kern/cgroup/v1.h"

static bool given(int64_t limit)
{
	return limit != INT64_MIN;
}

static unsigned bit(enum controller controller, bool wanted)
{
	return wanted ? 1u << controller : 0;
}

bool cgroup_on_v1(const struct facts *facts, unsigned controllers)
{
	for (int i = 0; i < CONTROLLER_COUNT; i++)
		if (controllers >> i & 1 && facts->controller[i].kind != CGROUP_V1)
			return false;
	return true;
}

unsigned cgroup_controllers(const struct cgroup_limits *limits)
{
	unsigned wanted =
		bit(CONTROLLER_MEMORY, given(limits->memory) || given(limits->memory_swap) ||
					       given(limits->memory_reservation) ||
					       given(limits->swappiness) || limits->oom_kill_off) |
		bit(CONTROLLER_CPU, given(limits->cpu_quota) || given(limits->cpu_period) ||
					    given(limits->cpu_burst) || given(limits->cpu_shares) ||
					    given(limits->cpu_idle) || given(limits->rt_period) ||
					    given(limits->rt_runtime)) |
		bit(CONTROLLER_PIDS, given(limits->pids)) |
		bit(CONTROLLER_CPUSET, limits->cpus || limits->mems) |
		bit(CONTROLLER_BLKIO,
		    given(limits->io_weight) || limits->io_weights.n || cgroup_has_rates(limits)) |
		bit(CONTROLLER_HUGETLB, limits->hugepages_n) |
		bit(CONTROLLER_RDMA, limits->rdma_n) |
		bit(CONTROLLER_NET_CLS, given(limits->net_class)) |
		bit(CONTROLLER_NET_PRIO, limits->net_priorities_n);
	for (size_t i = 0; i < limits->keys_n; i++)
		wanted |= bit(cgroup_key_controller(limits->keys[i].name), true);
	return wanted;
}

// Refuses a limit whose controller this host does not have.
static int need(const char *limit, enum controller controller, const struct facts *facts)
{
	const char *name = controller_name(controller);
	if (facts->controller[controller].kind != CGROUP_NONE)
		return 0;
	fail(-EOPNOTSUPP, "%s: this host has no cgroup controller '%s'", limit, name);
	if (controller == CONTROLLER_MEMORY)
		fail_hint("some kernels switch it off: boot with cgroup_enable=memory");
	else
		fail_hint("the kernel was built without it, or no tree that has it is mounted");
	return -EOPNOTSUPP;
}

// Refuses what v2 does not have.
static int need_v1(const char *limit, enum controller controller, const struct facts *facts,
		   const char *instead)
{
	TRY(need(limit, controller, facts));
	if (facts->controller[controller].kind == CGROUP_V1)
		return 0;
	fail(-EOPNOTSUPP, "%s: the controller '%s' is on cgroup v2 here, which does not have it",
	     limit, controller_name(controller));
	fail_hint("%s", instead);
	return -EOPNOTSUPP;
}

static int check_swap(const struct cgroup_limits *limits, const struct facts *facts)
{
	int64_t memory = limits->memory, both = limits->memory_swap;
	if (!given(both) || both == -1)
		return 0;
	if (!facts->swap_accounting) {
		fail(-EOPNOTSUPP,
		     "swap limit: the cgroup controller 'memory' does not account for swap here");
		fail_hint("limit the memory alone; or boot the host with swapaccount=1");
		return -EOPNOTSUPP;
	}
	if (!given(memory) || memory == -1 || both < memory)
		return fail(-EINVAL, "swap limit: it is of memory and swap together, and less than "
				     "the memory's");
	return 0;
}

static int check_memory(const struct cgroup_limits *limits, const struct facts *facts)
{
	const int64_t values[] = {limits->memory, limits->memory_swap, limits->memory_reservation};
	if (!(cgroup_controllers(limits) >> CONTROLLER_MEMORY & 1))
		return 0;
	TRY(need("memory limit", CONTROLLER_MEMORY, facts));
	for (size_t i = 0; i < lengthof(values); i++)
		if (given(values[i]) && values[i] < -1)
			return fail(-ERANGE, "memory limit: below -1, which is no limit");
	TRY(check_swap(limits, facts));
	if (given(limits->swappiness))
		TRY(need_v1("swappiness", CONTROLLER_MEMORY, facts,
			    "bound the swap instead: --memory-swap"));
	if (limits->oom_kill_off)
		TRY(need_v1("switching the OOM killer off", CONTROLLER_MEMORY, facts,
			    "--oom-score-adj makes it choose others first"));
	return 0;
}

static int check_real_time(const struct cgroup_limits *limits, const struct facts *facts)
{
	if (!given(limits->rt_period) && !given(limits->rt_runtime))
		return 0;
	TRY(need_v1("real-time limit", CONTROLLER_CPU, facts,
		    "leave --cpu-rt-period and --cpu-rt-runtime out; chrt(1) asks for real time"));
	if (facts->rt_groups)
		return 0;
	fail(-EOPNOTSUPP, "real-time limit: this kernel schedules real-time processes without "
			  "groups (CONFIG_RT_GROUP_SCHED)");
	fail_hint("leave --cpu-rt-period and --cpu-rt-runtime out; chrt(1) asks for real time");
	return -EOPNOTSUPP;
}

static int check_cpu(const struct cgroup_limits *limits, const struct facts *facts)
{
	enum { LEAST = 1000, PERIOD_MOST = 1000000 }; // µs, the kernel's own bounds
	int64_t quota = limits->cpu_quota, period = limits->cpu_period;
	if (!(cgroup_controllers(limits) >> CONTROLLER_CPU & 1))
		return 0;
	TRY(need("CPU limit", CONTROLLER_CPU, facts));
	if (given(period) && (period < LEAST || period > PERIOD_MOST))
		return fail(-ERANGE,
			    "CPU limit: the cgroup controller 'cpu' takes periods of %d to %d µs, "
			    "not %lld",
			    LEAST, PERIOD_MOST, (long long)period);
	if (given(quota) && quota != -1 && quota < LEAST)
		return fail(-ERANGE,
			    "CPU limit: the cgroup controller 'cpu' takes %d µs or more, not %lld",
			    LEAST, (long long)quota);
	if (given(limits->cpu_idle) && (limits->cpu_idle < 0 || limits->cpu_idle > 1))
		return fail(-ERANGE, "CPU idle: 0 or 1, not %lld", (long long)limits->cpu_idle);
	return check_real_time(limits, facts);
}

static int check_pids(const struct cgroup_limits *limits, const struct facts *facts)
{
	if (!given(limits->pids))
		return 0;
	TRY(need("process limit", CONTROLLER_PIDS, facts));
	if (limits->pids < -1)
		return fail(-ERANGE, "process limit: below -1, which is no limit");
	return 0;
}

// Under another scheduler the files of bfq may even be there, and do nothing.
static int check_io(const struct cgroup_limits *limits, const struct facts *facts)
{
	if (!(cgroup_controllers(limits) >> CONTROLLER_BLKIO & 1))
		return 0;
	TRY(need("limit of block devices", CONTROLLER_BLKIO, facts));
	if (!given(limits->io_weight) && !limits->io_weights.n)
		return 0;
	if (facts->io_scheduler && str_eq(facts->io_scheduler, "bfq"))
		return 0;
	fail(-EOPNOTSUPP,
	     "weight of block devices: only the I/O scheduler 'bfq' heeds it, and %s%s%s",
	     facts->io_scheduler ? "the disks here have '" : "there are no disks here",
	     facts->io_scheduler ? facts->io_scheduler : "", facts->io_scheduler ? "'" : "");
	fail_hint("echo bfq >/sys/block/DISK/queue/scheduler chooses it; --device-write-bps needs "
		  "no scheduler");
	return -EOPNOTSUPP;
}

static bool is_page_size(const char *size)
{
	size_t digits = strspn(size, "0123456789");
	const char *unit = size + digits;
	return digits && digits <= 4 && size[0] != '0' &&
	       (str_eq(unit, "KB") || str_eq(unit, "MB") || str_eq(unit, "GB"));
}

static int check_hugepages(const struct cgroup_limits *limits, const struct facts *facts)
{
	for (size_t i = 0; i < limits->hugepages_n; i++) {
		TRY(need("limit of huge pages", CONTROLLER_HUGETLB, facts));
		if (!is_page_size(limits->hugepages[i].size))
			return fail(-EINVAL, "limit of huge pages: '%s' is not a size such as 2MB",
				    limits->hugepages[i].size);
	}
	return 0;
}

// What stands in a list of these files is a word, with blanks between and lines after.
static int check_word(const char *limit, const char *word)
{
	size_t n = strlen(word);
	if (n && n < 64 && !strpbrk(word, " \t\n;"))
		return 0;
	return fail(-EINVAL, "%s: '%.64s' is not the name of a device", limit, word);
}

static int check_network(const struct cgroup_limits *limits, const struct facts *facts)
{
	static const char instead[] = "filters of nftables can match a cgroup of v2";
	if (given(limits->net_class))
		TRY(need_v1("class of packets", CONTROLLER_NET_CLS, facts, instead));
	if (limits->net_priorities_n)
		TRY(need_v1("priority of packets", CONTROLLER_NET_PRIO, facts, instead));
	for (size_t i = 0; i < limits->net_priorities_n; i++)
		TRY(check_word("priority of packets", limits->net_priorities[i].name));
	for (size_t i = 0; i < limits->rdma_n; i++) {
		TRY(need("limit of remote memory access", CONTROLLER_RDMA, facts));
		TRY(check_word("limit of remote memory access", limits->rdma[i].device));
	}
	return 0;
}

// A key is a file's name below the container's own group, and nothing else: no path, none of those
// that move processes or change what groups are.
static int check_key(const struct cgroup_key *key, const struct facts *facts)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
	enum { NAME_MAX_BYTES = 64, VALUE_MAX_BYTES = 4096 };
	size_t n = strlen(key->name);
	if (!n || n > NAME_MAX_BYTES || strspn(key->name, letters) != n || key->name[0] == '.' ||
	    !strchr(key->name, '.') || strstr(key->name, ".."))
		return fail(-EINVAL, "cgroup key '%.64s': not the name of a file of cgroup v2",
			    key->name);
	if (!*key->value || strlen(key->value) > VALUE_MAX_BYTES || strpbrk(key->value, "\n;"))
		return fail(-EINVAL, "cgroup key '%s': not a value of one line", key->name);
	enum controller controller = cgroup_key_controller(key->name);
	if (controller == CONTROLLER_COUNT && !str_eq(key->name, "cgroup.max.depth") &&
	    !str_eq(key->name, "cgroup.max.descendants")) {
		fail(-EINVAL, "cgroup key '%s': tare does not write it", key->name);
		fail_hint("it takes the files of memory, cpu, cpuset, pids, io and hugetlb, "
			  "cgroup.max.depth and cgroup.max.descendants");
		return -EINVAL;
	}
	if (!facts->cgroup2)
		return fail(-EOPNOTSUPP, "cgroup key '%s': this host has no cgroup v2", key->name);
	if (controller == CONTROLLER_COUNT)
		return 0;
	TRY(need(key->name, controller, facts));
	if (facts->controller[controller].kind == CGROUP_V2)
		return 0;
	fail(-EOPNOTSUPP, "cgroup key '%s': the controller '%s' is on cgroup v1 here", key->name,
	     controller_name(controller));
	fail_hint("keys are files of cgroup v2; the other limits work on both versions");
	return -EOPNOTSUPP;
}

int cgroup_check(const struct cgroup_limits *limits, const struct facts *facts)
{
	TRY(check_memory(limits, facts));
	TRY(check_cpu(limits, facts));
	TRY(check_pids(limits, facts));
	if (limits->cpus || limits->mems)
		TRY(need("set of processors or memory nodes", CONTROLLER_CPUSET, facts));
	TRY(check_io(limits, facts));
	TRY(check_hugepages(limits, facts));
	TRY(check_network(limits, facts));
	for (size_t i = 0; i < limits->keys_n; i++)
		TRY(check_key(&limits->keys[i], facts));
	return 0;
}
