// SPDX-License-Identifier: Apache-2.0
// v2.c - the limits as cgroup v2's files take them
//
// There is one tree. A group has a controller's files only when its parent hands the controller
// down: "+memory" in the parent's cgroup.subtree_control. systemd does that for those it uses; what
// is not yet there and is needed for a limit is written first. Only the top of the tree may hold
// processes and hand down at the same time; our groups stand right below it.
//
// "max" stands for no limit. Swap has a limit of its own here, so what v1 (and Docker's words)
// count together is taken apart: 150 of both with 100 of memory is 50 of swap.
//
// A process enters by being born in the group: clone3(2) with CLONE_INTO_CGROUP takes a descriptor
// of the directory.
#include "kern/cgroup/v2.h"

#include "base/buf.h"
#include "kern/cgroup/read.h"

static bool is_here(enum controller controller, const struct facts *facts)
{
	return facts->controller[controller].kind == CGROUP_V2;
}

const char *cgroup_number_or_max(struct arena *arena, int64_t value)
{
	return value == -1 ? "max" : arena_printf(arena, "%lld", (long long)value);
}

static void add(struct cgroup_list *list, enum controller controller, const struct facts *facts,
		const char *file, const char *value)
{
	cgroup_add(list, controller,
		   cgroup_path(list->arena, facts->controller[controller].directory, list->name),
		   file, value);
}

static const char *name_of(enum controller controller)
{
	return controller == CONTROLLER_BLKIO ? "io" : controller_name(controller);
}

// "+memory +pids": of what is wanted, all or those that the top does not hand down yet.
static const char *hand_down_words(struct arena *arena, const struct facts *facts, unsigned wanted,
				   bool all, enum controller *ret_first)
{
	struct buf words = buf_new(arena, 256);
	for (int i = 0; i < CONTROLLER_COUNT; i++) {
		enum controller controller = (enum controller)i;
		if (!(wanted >> i & 1) || !is_here(controller, facts) ||
		    (facts->controller[i].enabled && !all))
			continue;
		if (!words.n)
			*ret_first = controller;
		buf_printf(&words, "%s+%s", words.n ? " " : "", name_of(controller));
	}
	return words.n ? words.p : NULL;
}

void cgroup_hand_down(struct arena *arena, const struct facts *facts, unsigned wanted,
		      const char *name, struct cgroup_write **ret_writes, size_t *ret_n)
{
	size_t levels = 1, n = 0;
	for (const char *slash = name; (slash = strchr(slash, '/')); slash++)
		levels++;
	struct cgroup_write *writes = arena_array(arena, struct cgroup_write, levels);
	const char *directory = facts->cgroup2;
	for (struct str rest = str_of(name); directory && rest.p;) {
		enum controller first = CONTROLLER_COUNT;
		const char *words = hand_down_words(arena, facts, wanted,
						    !str_eq(directory, facts->cgroup2), &first);
		if (words)
			writes[n++] = (struct cgroup_write){first, directory,
							    "cgroup.subtree_control", words};
		struct str part = str_cut(&rest, '/');
		directory = arena_printf(arena, "%s/%.*s", directory, (int)part.n, part.p);
	}
	*ret_writes = writes;
	*ret_n = n;
}

const char *cgroup_words(struct arena *arena, unsigned wanted, const char *controllers, char sign)
{
	struct buf words = buf_new(arena, 256);
	for (int i = 0; i < CONTROLLER_COUNT; i++) {
		const char *name = name_of((enum controller)i);
		struct str rest = str_of(controllers), word;
		while ((word = str_word(&rest)).p)
			if (wanted >> i & 1 && str_is(word, name))
				buf_printf(&words, "%s%c%s", words.n ? " " : "", sign, name);
	}
	return words.p;
}

static void add_number(struct cgroup_list *list, enum controller controller,
		       const struct facts *facts, const char *file, int64_t value)
{
	if (value != INT64_MIN)
		add(list, controller, facts, file, cgroup_number_or_max(list->arena, value));
}

static void add_memory(struct cgroup_list *list, const struct cgroup_limits *limits,
		       const struct facts *facts)
{
	int64_t both = limits->memory_swap;
	add_number(list, CONTROLLER_MEMORY, facts, "memory.max", limits->memory);
	if (both != INT64_MIN && facts->swap_accounting)
		add_number(list, CONTROLLER_MEMORY, facts, "memory.swap.max",
			   both == -1 ? -1 : both - limits->memory);
	add_number(list, CONTROLLER_MEMORY, facts, "memory.low", limits->memory_reservation);
}

// "150000 100000"; the period may be left out, the quota may not.
static void add_cpu(struct cgroup_list *list, const struct cgroup_limits *limits,
		    const struct facts *facts)
{
	int64_t quota = limits->cpu_quota == INT64_MIN ? -1 : limits->cpu_quota;
	const char *text = cgroup_number_or_max(list->arena, quota);
	if (limits->cpu_shares != INT64_MIN)
		add_number(list, CONTROLLER_CPU, facts, "cpu.weight",
			   cgroup_weight_of_shares((uint64_t)limits->cpu_shares));
	if (limits->cpu_period != INT64_MIN)
		text = arena_printf(list->arena, "%s %lld", text, (long long)limits->cpu_period);
	if (limits->cpu_quota != INT64_MIN || limits->cpu_period != INT64_MIN)
		add(list, CONTROLLER_CPU, facts, "cpu.max", text);
	add_number(list, CONTROLLER_CPU, facts, "cpu.max.burst", limits->cpu_burst);
	add_number(list, CONTROLLER_CPU, facts, "cpu.idle", limits->cpu_idle);
}

static void add_io(struct cgroup_list *list, const struct cgroup_limits *limits,
		   const struct facts *facts)
{
	add_number(list, CONTROLLER_BLKIO, facts, "io.bfq.weight", limits->io_weight);
	if (limits->io_weights.n)
		add(list, CONTROLLER_BLKIO, facts, "io.bfq.weight",
		    cgroup_v1_rates(list->arena, &limits->io_weights));
	if (cgroup_has_rates(limits))
		add(list, CONTROLLER_BLKIO, facts, "io.max", cgroup_v2_rates(list->arena, limits));
}

static void add_hugepages(struct cgroup_list *list, const struct cgroup_limits *limits,
			  const struct facts *facts)
{
	for (size_t i = 0; i < limits->hugepages_n; i++) {
		const struct cgroup_hugepages *pages = &limits->hugepages[i];
		const char *limit =
			arena_printf(list->arena, "%llu", (unsigned long long)pages->limit);
		add(list, CONTROLLER_HUGETLB, facts,
		    arena_printf(list->arena, "hugetlb.%s.max", pages->size), limit);
		add(list, CONTROLLER_HUGETLB, facts,
		    arena_printf(list->arena, "hugetlb.%s.rsvd.max", pages->size), limit);
	}
}

enum controller cgroup_key_controller(const char *key)
{
	static const struct {
		const char *prefix;
		enum controller controller;
	} known[] = {
		{"memory.", CONTROLLER_MEMORY}, {"cpu.", CONTROLLER_CPU},
		{"cpuset.", CONTROLLER_CPUSET}, {"pids.", CONTROLLER_PIDS},
		{"io.", CONTROLLER_BLKIO},      {"hugetlb.", CONTROLLER_HUGETLB},
		{"rdma.", CONTROLLER_RDMA},
	};
	for (size_t i = 0; i < lengthof(known); i++)
		if (str_starts(key, known[i].prefix))
			return known[i].controller;
	return CONTROLLER_COUNT;
}

void cgroup_v2_writes(struct cgroup_list *list, const struct cgroup_limits *limits,
		      const struct facts *facts)
{
	unsigned wanted = cgroup_controllers(limits);
	for (int i = 0; i < CONTROLLER_COUNT; i++)
		if (!is_here((enum controller)i, facts))
			wanted &= ~(1u << i);
	if (wanted >> CONTROLLER_MEMORY & 1)
		add_memory(list, limits, facts);
	if (wanted >> CONTROLLER_CPU & 1)
		add_cpu(list, limits, facts);
	if (wanted >> CONTROLLER_PIDS & 1)
		add_number(list, CONTROLLER_PIDS, facts, "pids.max", limits->pids);
	if (wanted >> CONTROLLER_CPUSET & 1 && limits->cpus)
		add(list, CONTROLLER_CPUSET, facts, "cpuset.cpus", limits->cpus);
	if (wanted >> CONTROLLER_CPUSET & 1 && limits->mems)
		add(list, CONTROLLER_CPUSET, facts, "cpuset.mems", limits->mems);
	if (wanted >> CONTROLLER_BLKIO & 1)
		add_io(list, limits, facts);
	if (wanted >> CONTROLLER_HUGETLB & 1)
		add_hugepages(list, limits, facts);
	if (wanted >> CONTROLLER_RDMA & 1)
		add(list, CONTROLLER_RDMA, facts, "rdma.max",
		    cgroup_rdma_text(list->arena, limits));
	for (size_t i = 0; i < limits->keys_n; i++)
		cgroup_add(list, cgroup_key_controller(limits->keys[i].name),
			   cgroup_path(list->arena, facts->cgroup2, list->name),
			   limits->keys[i].name, limits->keys[i].value);
}

static void report_memory(struct arena *arena, const char *group, enum cgroup_ask ask,
			  struct cgroup_report *report)
{
	report->oom_kills = cgroup_read(arena, group, "memory.events", "oom_kill");
	if (ask == CGROUP_ASK_KILLS)
		return;
	report->memory_peak = cgroup_read(arena, group, "memory.peak", NULL);
	report->memory_max_hits = cgroup_read(arena, group, "memory.events", "max");
}

void cgroup_v2_report(struct arena *arena, const struct facts *facts, const char *name,
		      enum cgroup_ask ask, struct cgroup_report *report)
{
	if (!facts->cgroup2)
		return;
	const char *group = cgroup_path(arena, facts->cgroup2, name);
	if (is_here(CONTROLLER_MEMORY, facts))
		report_memory(arena, group, ask, report);
	if (ask == CGROUP_ASK_KILLS)
		return;
	if (is_here(CONTROLLER_PIDS, facts)) {
		report->pids_peak = cgroup_read(arena, group, "pids.peak", NULL);
		report->pids_max_hits = cgroup_read(arena, group, "pids.events", "max");
	}
	if (is_here(CONTROLLER_CPU, facts)) {
		report->cpu_used = cgroup_read(arena, group, "cpu.stat", "usage_usec");
		report->cpu_throttled = cgroup_read(arena, group, "cpu.stat", "throttled_usec");
	}
}
