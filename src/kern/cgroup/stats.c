// SPDX-License-Identifier: Apache-2.0
// stats.c - what the processes of a container's groups use, while they run
//
// The kernel counts for the groups whether they have limits or not. Both versions count the same
// things under other names and in other units: v2 has µs where v1 has ns, or ticks of a hundredth
// of a second; v2 counts swap alone, v1 memory and swap together, and is followed in that.
//
// That memory has run out is told on v1 through an eventfd, which is tied to memory.oom_control by
// a line in cgroup.event_control, and is rung when the group is removed as well; on v2 by poll(2)
// on memory.events, with counters in it.
#include "kern/cgroup/stats.h"

#include "base/fail.h"
#include "base/fd.h"
#include "kern/cgroup/read.h"
#include "kern/cgroup/v1.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { STAT_MAX = 64 << 10, TICK_NS = 10000000 };

// A group's directory and where it is read into.
struct reading {
	struct arena *arena;
	const char *group;
	struct cgroup_stats *stats;
};

static uint64_t get(const struct reading *reading, const char *file, const char *key)
{
	return cgroup_read(reading->arena, reading->group, file, key);
}

static const char *text_of(const struct reading *reading, const char *file)
{
	struct str text;
	const char *path = cgroup_path(reading->arena, reading->group, file);
	return file_read_small(reading->arena, path, STAT_MAX, &text) ? NULL : text.p;
}

static uint64_t times(uint64_t number, uint64_t unit)
{
	return number >= UINT64_MAX / unit ? UINT64_MAX : number * unit;
}

// --- v1 -----------------------------------------------------------------------------------------

static void v1_memory(const struct reading *reading)
{
	reading->stats->memory = (struct cgroup_amount){
		get(reading, "memory.usage_in_bytes", NULL),
		get(reading, "memory.max_usage_in_bytes", NULL),
		get(reading, "memory.limit_in_bytes", NULL),
		get(reading, "memory.failcnt", NULL),
	};
	reading->stats->memory_swap = (struct cgroup_amount){
		get(reading, "memory.memsw.usage_in_bytes", NULL),
		get(reading, "memory.memsw.max_usage_in_bytes", NULL),
		get(reading, "memory.memsw.limit_in_bytes", NULL),
		get(reading, "memory.memsw.failcnt", NULL),
	};
	reading->stats->memory_cache = get(reading, "memory.stat", "cache");
	reading->stats->memory_stat = text_of(reading, "memory.stat");
}

static void v1_cpuacct(const struct reading *reading)
{
	struct cgroup_stats *stats = reading->stats;
	stats->cpu_total = get(reading, "cpuacct.usage", NULL);
	stats->cpu_user = times(get(reading, "cpuacct.stat", "user"), TICK_NS);
	stats->cpu_kernel = times(get(reading, "cpuacct.stat", "system"), TICK_NS);
	stats->cpu_each = text_of(reading, "cpuacct.usage_percpu");
}

static void v1_cpu(const struct reading *reading)
{
	reading->stats->periods = get(reading, "cpu.stat", "nr_periods");
	reading->stats->periods_throttled = get(reading, "cpu.stat", "nr_throttled");
	reading->stats->throttled = get(reading, "cpu.stat", "throttled_time");
}

static void v1_blkio(const struct reading *reading)
{
	reading->stats->io_bytes = text_of(reading, "blkio.throttle.io_service_bytes_recursive");
	reading->stats->io_times = text_of(reading, "blkio.throttle.io_serviced_recursive");
}

// --- v2 -----------------------------------------------------------------------------------------

static uint64_t sum(uint64_t a, uint64_t b)
{
	return a == UINT64_MAX || b == UINT64_MAX ? UINT64_MAX : a + b;
}

static void v2_memory(const struct reading *reading)
{
	struct cgroup_amount *memory = &reading->stats->memory;
	*memory = (struct cgroup_amount){
		get(reading, "memory.current", NULL),
		get(reading, "memory.peak", NULL),
		get(reading, "memory.max", NULL),
		get(reading, "memory.events", "max"),
	};
	reading->stats->memory_swap = (struct cgroup_amount){
		sum(memory->used, get(reading, "memory.swap.current", NULL)),
		UINT64_MAX,
		sum(memory->limit, get(reading, "memory.swap.max", NULL)),
		get(reading, "memory.swap.events", "max"),
	};
	reading->stats->memory_cache = get(reading, "memory.stat", "file");
	reading->stats->memory_stat = text_of(reading, "memory.stat");
}

static void v2_cpu(const struct reading *reading)
{
	struct cgroup_stats *stats = reading->stats;
	stats->cpu_total = times(get(reading, "cpu.stat", "usage_usec"), 1000);
	stats->cpu_user = times(get(reading, "cpu.stat", "user_usec"), 1000);
	stats->cpu_kernel = times(get(reading, "cpu.stat", "system_usec"), 1000);
	stats->periods = get(reading, "cpu.stat", "nr_periods");
	stats->periods_throttled = get(reading, "cpu.stat", "nr_throttled");
	stats->throttled = times(get(reading, "cpu.stat", "throttled_usec"), 1000);
}

static void v2_io(const struct reading *reading)
{
	reading->stats->io_bytes = text_of(reading, "io.stat");
}

// --- both ---------------------------------------------------------------------------------------

static void pids(const struct reading *reading)
{
	reading->stats->pids = (struct cgroup_amount){
		get(reading, "pids.current", NULL),
		get(reading, "pids.peak", NULL),
		get(reading, "pids.max", NULL),
		get(reading, "pids.events", "max"),
	};
}

void cgroup_stats(struct arena *arena, const struct facts *facts, const char *name,
		  struct cgroup_stats *ret_stats)
{
	static const struct {
		enum controller controller;
		void (*v1)(const struct reading *);
		void (*v2)(const struct reading *); // NULL: another has it
	} readers[] = {
		{CONTROLLER_MEMORY, v1_memory, v2_memory}, {CONTROLLER_CPU, v1_cpu, v2_cpu},
		{CONTROLLER_CPUACCT, v1_cpuacct, NULL},    {CONTROLLER_PIDS, pids, pids},
		{CONTROLLER_BLKIO, v1_blkio, v2_io},
	};
	struct cgroup_stats stats;
	memset(&stats, 0xff, sizeof(stats)); // UINT64_MAX each
	stats.cpu_each = stats.memory_stat = stats.io_bytes = stats.io_times = NULL;
	for (size_t i = 0; i < lengthof(readers); i++) {
		const struct facts_controller *at = &facts->controller[readers[i].controller];
		if (at->kind == CGROUP_NONE)
			continue;
		struct reading reading = {arena, cgroup_path(arena, at->directory, name), &stats};
		void (*read)(const struct reading *) =
			at->kind == CGROUP_V1 ? readers[i].v1 : readers[i].v2;
		if (read)
			read(&reading);
	}
	*ret_stats = stats;
}

// --- memory that has run out --------------------------------------------------------------------

static int v1_watch(struct arena *arena, const char *group, int at)
{
	_cleanup_fd_ int control = openat(at, "memory.oom_control", O_RDONLY | O_CLOEXEC);
	_cleanup_fd_ int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (control < 0 || event < 0)
		return -errno;
	const char *line = arena_printf(arena, "%d %d", event, control);
	int result = file_put(at, "cgroup.event_control", line, strlen(line));
	return result < 0 ? fail_sys(result, "cgroup '%s': watch memory.oom_control", group)
			  : take_fd(&event);
}

int cgroup_oom_watch(struct arena *arena, const struct facts *facts, const char *name,
		     short *ret_events)
{
	const struct facts_controller *memory = &facts->controller[CONTROLLER_MEMORY];
	if (memory->kind == CGROUP_NONE)
		return -EOPNOTSUPP;
	const char *group = cgroup_path(arena, memory->directory, name);
	_cleanup_fd_ int at = open(group, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (at < 0)
		return fail_sys(-errno, "open cgroup '%s'", group);
	*ret_events = memory->kind == CGROUP_V1 ? POLLIN : POLLPRI;
	if (memory->kind == CGROUP_V1)
		return v1_watch(arena, group, at);
	int fd = openat(at, "memory.events", O_RDONLY | O_CLOEXEC);
	return fd < 0 ? fail_sys(-errno, "cgroup '%s': open memory.events", group) : fd;
}

uint64_t cgroup_oom_count(struct arena *arena, const struct facts *facts, const char *name,
			  int watch, uint64_t *seen)
{
	const struct facts_controller *memory = &facts->controller[CONTROLLER_MEMORY];
	const char *group = cgroup_path(arena, memory->directory, name);
	char text[512]; // poll tells of what comes after a read
	uint64_t count, before = *seen;
	if (memory->kind == CGROUP_V1) {
		bool rung = read(watch, &count, sizeof(count)) == (ssize_t)sizeof(count);
		return rung && access(group, F_OK) == 0 ? count : 0;
	}
	if (pread(watch, text, sizeof(text), 0) < 0)
		return 0;
	count = cgroup_read(arena, group, "memory.events", "oom_kill");
	if (count == UINT64_MAX)
		return 0;
	*seen = count;
	return before == UINT64_MAX ? 0 : count - before;
}
