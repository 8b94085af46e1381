// SPDX-License-Identifier: Apache-2.0
// test_cgroup.c - groups, limits and views for each kind of host, and groups of this one
#include "kern/cgroup/cgroup.h"

#include "base/buf.h"
#include "base/fail.h"
#include "base/fd.h"

#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

#define TOP "/sys/fs/cgroup"

static struct arena arena;

static const struct facts v1 = {
	.controller =
		{
			[CONTROLLER_CPU] = {CGROUP_V1, TOP "/cpu,cpuacct", "/", false},
			[CONTROLLER_CPUACCT] = {CGROUP_V1, TOP "/cpu,cpuacct", "/", false},
			[CONTROLLER_MEMORY] = {CGROUP_V1, TOP "/memory", "/", false},
			[CONTROLLER_PIDS] = {CGROUP_V1, TOP "/pids", "/", false},
			[CONTROLLER_DEVICES] = {CGROUP_V1, TOP "/devices", "/", false},
		},
	.cgroup2 = TOP "/unified",
	.cgroup2_own = "/",
	.swap_accounting = true,
};
static const struct facts v2 = {
	.controller =
		{
			[CONTROLLER_CPU] = {CGROUP_V2, TOP, "/", false},
			[CONTROLLER_MEMORY] = {CGROUP_V2, TOP, "/", true},
			[CONTROLLER_PIDS] = {CGROUP_V2, TOP, "/", false},
		},
	.cgroup2 = TOP,
	.cgroup2_own = "/",
	.swap_accounting = true,
	.device_filter = true,
};
static const struct facts hybrid = {
	.controller =
		{
			[CONTROLLER_MEMORY] = {CGROUP_V1, TOP "/memory", "/", false},
			[CONTROLLER_PIDS] = {CGROUP_V2, TOP "/unified", "/", false},
		},
	.cgroup2 = TOP "/unified",
	.cgroup2_own = "/",
	.device_filter = true,
};

static const char *groups_text(const struct facts *facts)
{
	struct cgroup_group *groups;
	size_t n;
	struct buf text = buf_new(&arena, 4096);
	cgroup_groups(&arena, facts, CGROUP_ALWAYS, "tare-x", &groups, &n);
	for (size_t i = 0; i < n; i++)
		buf_printf(&text, "%d %s %s %s\n", groups[i].kind, groups[i].controllers,
			   groups[i].directory, groups[i].tasks ? groups[i].tasks : "-");
	return text.p;
}

static void one_group_for_each_tree(void **state unused_)
{
	assert_string_equal(groups_text(&v1),
			    "1 memory " TOP "/memory/tare-x " TOP "/memory/tare-x/tasks\n"
			    "1 pids " TOP "/pids/tare-x " TOP "/pids/tare-x/tasks\n"
			    "1 cpu,cpuacct " TOP "/cpu,cpuacct/tare-x " TOP
			    "/cpu,cpuacct/tare-x/tasks\n"
			    "1 devices " TOP "/devices/tare-x " TOP "/devices/tare-x/tasks\n");
	assert_string_equal(groups_text(&v2), "2 memory,pids,cpu " TOP "/tare-x -\n");
	assert_string_equal(groups_text(&hybrid),
			    "1 memory " TOP "/memory/tare-x " TOP "/memory/tare-x/tasks\n"
			    "2 pids " TOP "/unified/tare-x -\n");
	const struct facts bare = {0}, no_controllers = {.cgroup2 = TOP};
	assert_string_equal(groups_text(&bare), "");
	assert_string_equal(groups_text(&no_controllers), "2 cgroup2 " TOP "/tare-x -\n");
}

static void add_writes(struct buf *text, const struct cgroup_write *writes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(text, "%s %s/%s %s\n",
			   writes[i].controller == CONTROLLER_COUNT
				   ? "-"
				   : controller_name(writes[i].controller),
			   writes[i].directory + strlen(TOP), writes[i].file,
			   writes[i].value ? writes[i].value : "(as above)");
}

static const char *writes_text(const struct facts *facts, struct cgroup_limits limits)
{
	struct cgroup_write *writes;
	size_t n;
	struct buf text = buf_new(&arena, 4096);
	cgroup_hand_down(&arena, facts, cgroup_controllers(&limits), "tare-x", &writes, &n);
	add_writes(&text, writes, n);
	if (cgroup_writes(&arena, &limits, facts, "tare-x", &writes, &n))
		return fault_last()->text;
	add_writes(&text, writes, n);
	return text.p;
}

static void nothing_asked_nothing_written(void **state unused_)
{
	assert_string_equal(writes_text(&v1, cgroup_no_limits), "");
	assert_string_equal(writes_text(&v2, cgroup_no_limits), "");
	const struct facts bare = {0};
	assert_string_equal(writes_text(&bare, cgroup_no_limits), "");
}

static void all_limits_on_each_kind_of_host(void **state unused_)
{
	struct cgroup_limits all = cgroup_no_limits;
	all.memory = 104857600;
	all.memory_swap = 157286400;
	all.cpu_quota = 150000;
	all.cpu_period = 100000;
	all.pids = 64;
	assert_string_equal(writes_text(&v1, all),
			    "memory /memory/tare-x/memory.limit_in_bytes 104857600\n"
			    "memory /memory/tare-x/memory.memsw.limit_in_bytes 157286400\n"
			    "cpu /cpu,cpuacct/tare-x/cpu.cfs_period_us 100000\n"
			    "cpu /cpu,cpuacct/tare-x/cpu.cfs_quota_us 150000\n"
			    "pids /pids/tare-x/pids.max 64\n");
	assert_string_equal(writes_text(&v2, all), "cpu /cgroup.subtree_control +cpu +pids\n"
						   "memory /tare-x/memory.max 104857600\n"
						   "memory /tare-x/memory.swap.max 52428800\n"
						   "cpu /tare-x/cpu.max 150000 100000\n"
						   "pids /tare-x/pids.max 64\n");
	struct cgroup_limits some = cgroup_no_limits;
	some.memory = 6 << 20;
	some.pids = 8;
	assert_string_equal(writes_text(&hybrid, some),
			    "pids /unified/cgroup.subtree_control +pids\n"
			    "memory /memory/tare-x/memory.limit_in_bytes 6291456\n"
			    "pids /unified/tare-x/pids.max 8\n");
}

static void no_limit_and_no_swap(void **state unused_)
{
	struct cgroup_limits limits = cgroup_no_limits;
	limits.memory = 104857600;
	limits.memory_swap = 104857600;
	assert_non_null(strstr(writes_text(&v2, limits), "memory.swap.max 0\n"));
	assert_non_null(strstr(writes_text(&v1, limits), "memsw.limit_in_bytes 104857600\n"));
	limits.memory_swap = -1;
	assert_non_null(strstr(writes_text(&v2, limits), "memory.swap.max max\n"));
	assert_non_null(strstr(writes_text(&v1, limits), "memsw.limit_in_bytes -1\n"));
	// Swap without limit is what a host that does not account for swap gives anyway.
	assert_string_equal(writes_text(&hybrid, limits),
			    "memory /memory/tare-x/memory.limit_in_bytes 104857600\n");
	limits = cgroup_no_limits;
	limits.pids = -1;
	limits.cpu_quota = -1;
	assert_non_null(strstr(writes_text(&v2, limits), "cpu.max max\n"));
	assert_non_null(strstr(writes_text(&v2, limits), "pids.max max\n"));
	assert_non_null(strstr(writes_text(&v1, limits), "cpu.cfs_quota_us -1\n"));
	assert_non_null(strstr(writes_text(&v1, limits), "pids.max max\n"));
	limits = cgroup_no_limits;
	limits.cpu_period = 50000;
	assert_non_null(strstr(writes_text(&v2, limits), "cpu.max max 50000\n"));
}

static void shares_become_weights(void **state unused_)
{
	static const struct {
		uint64_t shares;
		unsigned weight;
	} table[] = {{2, 1},      {3, 2},      {100, 17},       {512, 59},
		     {1024, 100}, {2048, 174}, {262144, 10000}, {0, 1}};
	for (size_t i = 0; i < lengthof(table); i++)
		assert_int_equal(cgroup_weight_of_shares(table[i].shares), table[i].weight);
}

static struct facts with_rare(const struct facts *facts, enum cgroup_kind kind)
{
	struct facts all = *facts;
	const char *tree = kind == CGROUP_V2 ? TOP : NULL;
	all.controller[CONTROLLER_CPUSET] =
		(struct facts_controller){kind, tree ? tree : TOP "/cpuset", "/", false};
	all.controller[CONTROLLER_BLKIO] =
		(struct facts_controller){kind, tree ? tree : TOP "/blkio", "/", false};
	all.controller[CONTROLLER_HUGETLB] =
		(struct facts_controller){kind, tree ? tree : TOP "/hugetlb", "/", false};
	all.rt_groups = kind == CGROUP_V1;
	all.io_scheduler = "bfq";
	return all;
}

static void limits_of_networks(void **state unused_)
{
	static const struct cgroup_rdma rdma[] = {{"mlx5_1", 3, 10000}, {"rxe3", -1, 5}};
	static const struct cgroup_net_priority priorities[] = {{"eth0", 500}, {"eth1", 1000}};
	struct facts old = v1, new = v2;
	struct cgroup_limits limits = cgroup_no_limits;
	for (int i = CONTROLLER_RDMA; i < CONTROLLER_COUNT; i++)
		old.controller[i] = (struct facts_controller){
			CGROUP_V1,
			arena_printf(&arena, TOP "/%s", controller_name((enum controller)i)), "/",
			false};
	new.controller[CONTROLLER_RDMA] = (struct facts_controller){CGROUP_V2, TOP, "/", true};
	limits.rdma = rdma;
	limits.rdma_n = 2;
	assert_string_equal(writes_text(&new, limits),
			    "rdma /tare-x/rdma.max mlx5_1 hca_handle=3 hca_object=10000;"
			    "rxe3 hca_object=5\n");
	limits.net_class = 0x100001;
	limits.net_priorities = priorities;
	limits.net_priorities_n = 2;
	assert_string_equal(writes_text(&old, limits),
			    "rdma /rdma/tare-x/rdma.max mlx5_1 hca_handle=3 hca_object=10000;"
			    "rxe3 hca_object=5\n"
			    "net_cls /net_cls/tare-x/net_cls.classid 1048577\n"
			    "net_prio /net_prio/tare-x/net_prio.ifpriomap eth0 500;eth1 1000\n");
	assert_true(cgroup_check(&limits, &new) < 0);
	assert_string_equal(fault_last()->text,
			    "class of packets: this host has no cgroup controller 'net_cls'");
}

static void the_rarer_limits(void **state unused_)
{
	static const struct cgroup_rate disk[] = {{8, 0, 1048576}, {8, 16, 0}},
					slow[] = {{8, 0, 10}};
	static const struct cgroup_rate weights[] = {{8, 0, 200}};
	static const struct cgroup_hugepages pages[] = {{"2MB", 4194304}};
	struct cgroup_limits limits = cgroup_no_limits;
	limits.cpu_shares = 512;
	limits.cpus = "0-1";
	limits.io_weight = 300;
	limits.io_weights = (struct cgroup_rates){weights, 1};
	limits.io[CGROUP_READ_BPS] = (struct cgroup_rates){disk, 2};
	limits.io[CGROUP_WRITE_IOPS] = (struct cgroup_rates){slow, 1};
	limits.hugepages = pages;
	limits.hugepages_n = 1;
	const struct facts old = with_rare(&v1, CGROUP_V1), new = with_rare(&v2, CGROUP_V2);
	assert_string_equal(
		writes_text(&old, limits),
		"cpu /cpu,cpuacct/tare-x/cpu.shares 512\n"
		"cpuset /cpuset/tare-x/cpuset.cpus 0-1\n"
		"cpuset /cpuset/tare-x/cpuset.mems (as above)\n"
		"blkio /blkio/tare-x/blkio.bfq.weight 300\n"
		"blkio /blkio/tare-x/blkio.bfq.weight_device 8:0 200\n"
		"blkio /blkio/tare-x/blkio.throttle.read_bps_device 8:0 1048576;8:16 0\n"
		"blkio /blkio/tare-x/blkio.throttle.write_iops_device 8:0 10\n"
		"hugetlb /hugetlb/tare-x/hugetlb.2MB.limit_in_bytes 4194304\n"
		"hugetlb /hugetlb/tare-x/hugetlb.2MB.rsvd.limit_in_bytes 4194304\n");
	assert_string_equal(writes_text(&new, limits),
			    "cpu /cgroup.subtree_control +cpu +cpuset +io +hugetlb\n"
			    "cpu /tare-x/cpu.weight 59\n"
			    "cpuset /tare-x/cpuset.cpus 0-1\n"
			    "blkio /tare-x/io.bfq.weight 300\n"
			    "blkio /tare-x/io.bfq.weight 8:0 200\n"
			    "blkio /tare-x/io.max 8:0 rbps=1048576 wiops=10;8:16 rbps=max\n"
			    "hugetlb /tare-x/hugetlb.2MB.max 4194304\n"
			    "hugetlb /tare-x/hugetlb.2MB.rsvd.max 4194304\n");
	struct cgroup_limits first = cgroup_no_limits;
	first.swappiness = 10;
	first.oom_kill_off = true;
	first.rt_runtime = 1000;
	assert_string_equal(writes_text(&old, first),
			    "memory /memory/tare-x/memory.swappiness 10\n"
			    "memory /memory/tare-x/memory.oom_control 1\n"
			    "cpu /cpu,cpuacct/tare-x/cpu.rt_runtime_us 1000\n");
}

static void groups_below_others(void **state unused_)
{
	struct cgroup_write *writes;
	size_t n;
	struct buf text = buf_new(&arena, 4096);
	cgroup_hand_down(&arena, &v2, 1u << CONTROLLER_MEMORY | 1u << CONTROLLER_CPU, "a/b/tare-x",
			 &writes, &n);
	add_writes(&text, writes, n);
	assert_string_equal(text.p, "cpu /cgroup.subtree_control +cpu\n"
				    "cpu /a/cgroup.subtree_control +cpu +memory\n"
				    "cpu /a/b/cgroup.subtree_control +cpu +memory\n");
}

static const char *key_text(const struct facts *facts, const char *name, const char *value)
{
	struct cgroup_key key = {name, value};
	struct cgroup_limits limits = cgroup_no_limits;
	limits.keys = &key;
	limits.keys_n = 1;
	return arena_dup(&arena, writes_text(facts, limits));
}

static void keys_are_files_of_version_2(void **state unused_)
{
	assert_string_equal(key_text(&v2, "memory.high", "50000000"),
			    "memory /tare-x/memory.high 50000000\n");
	assert_string_equal(key_text(&v2, "cgroup.max.depth", "1"),
			    "- /tare-x/cgroup.max.depth 1\n");
	static const char *const bad[] = {"",
					  "memory",
					  "../memory.max",
					  "memory/max",
					  ".memory.max",
					  "memory..max",
					  "memory.max\n"};
	for (size_t i = 0; i < lengthof(bad); i++)
		assert_non_null(strstr(key_text(&v2, bad[i], "1"), "not the name of a file"));
	assert_string_equal(key_text(&v2, "cgroup.procs", "1"),
			    "cgroup key 'cgroup.procs': tare does not write it");
	assert_string_equal(key_text(&v2, "memory.high", "1;2"),
			    "cgroup key 'memory.high': not a value of one line");
	assert_string_equal(
		key_text(&v1, "memory.high", "1"),
		"cgroup key 'memory.high': the controller 'memory' is on cgroup v1 here");
}

static void what_nobody_would_enforce_is_an_error(void **state unused_)
{
	struct cgroup_limits limits = cgroup_no_limits;
	limits.cpu_quota = 50000;
	assert_string_equal(writes_text(&hybrid, limits),
			    "CPU limit: this host has no cgroup controller 'cpu'");
	limits.cpu_quota = 10;
	assert_string_equal(writes_text(&v1, limits),
			    "CPU limit: the cgroup controller 'cpu' takes 1000 µs or more, not 10");
	limits = cgroup_no_limits;
	limits.cpu_period = 2000000;
	assert_string_equal(writes_text(&v2, limits),
			    "CPU limit: the cgroup controller 'cpu' takes periods of 1000 to "
			    "1000000 µs, not 2000000");
	limits = cgroup_no_limits;
	limits.memory = 100;
	limits.memory_swap = 200;
	assert_string_equal(writes_text(&hybrid, limits),
			    "swap limit: the cgroup controller "
			    "'memory' does not account for swap here");
	limits.memory_swap = 50;
	assert_string_equal(
		writes_text(&v2, limits),
		"swap limit: it is of memory and swap together, and less than the memory's");
	limits.memory = INT64_MIN;
	assert_string_equal(
		writes_text(&v1, limits),
		"swap limit: it is of memory and swap together, and less than the memory's");
	const struct facts bare = {0};
	assert_string_equal(writes_text(&bare, limits),
			    "memory limit: this host has no cgroup controller 'memory'");
	limits = cgroup_no_limits;
	limits.swappiness = 10;
	assert_string_equal(
		writes_text(&v2, limits),
		"swappiness: the controller 'memory' is on cgroup v2 here, which does not have it");
	limits = cgroup_no_limits;
	limits.rt_runtime = 1000;
	assert_non_null(strstr(writes_text(&v1, limits), "CONFIG_RT_GROUP_SCHED"));
	limits = cgroup_no_limits;
	limits.io_weight = 500;
	struct facts disks = with_rare(&v1, CGROUP_V1);
	disks.io_scheduler = "mq-deadline";
	assert_string_equal(writes_text(&disks, limits),
			    "weight of block devices: only the I/O scheduler 'bfq' heeds it, and "
			    "the disks here have 'mq-deadline'");
	limits = cgroup_no_limits;
	limits.pids = -2;
	assert_string_equal(writes_text(&v1, limits), "process limit: below -1, which is no limit");
}

static const char *views_text(const struct facts *facts)
{
	struct cgroup_view *views;
	size_t n;
	struct buf text = buf_new(&arena, 4096);
	cgroup_views(&arena, facts, CGROUP_ALWAYS, &views, &n);
	for (size_t i = 0; i < n; i++)
		buf_printf(&text, "%s %s %s\n", views[i].target,
			   views[i].type ? views[i].type : "->", views[i].options);
	return text.p;
}

static void the_view_from_inside(void **state unused_)
{
	assert_string_equal(views_text(&v2), " cgroup2 \n");
	assert_string_equal(views_text(&v1), " tmpfs mode=755\n"
					     "memory cgroup memory\n"
					     "pids cgroup pids\n"
					     "cpu,cpuacct cgroup cpu,cpuacct\n"
					     "cpu -> cpu,cpuacct\n"
					     "cpuacct -> cpu,cpuacct\n"
					     "devices cgroup devices\n");
	assert_string_equal(views_text(&hybrid), " tmpfs mode=755\n"
						 "memory cgroup memory\n"
						 "unified cgroup2 \n");
}

static void only_our_groups_are_removed(void **state unused_)
{
	static const char *const refused[] = {
		"",
		"tare-x",
		"/",
		TOP "/memory",
		TOP "/memory/tare-",
		TOP "/memory/../tare-x",
		TOP "/memory/tare-x/",
		TOP "/memory/x-tare-x",
	};
	for (size_t i = 0; i < lengthof(refused); i++)
		assert_int_equal(cgroup_remove_own(refused[i]), -EINVAL);
	const char *plain = arena_printf(&arena, "/tmp/tare-plain-%d", (int)getpid());
	assert_int_equal(mkdir(plain, 0700), 0);
	assert_int_equal(cgroup_remove_own(plain), -EINVAL);
	assert_int_equal(cgroup_remove(plain), -EINVAL);
	assert_int_equal(rmdir(plain), 0);
	assert_int_equal(cgroup_remove(TOP "/tare-not-there"), 0);
}

// --- on this host, as root ----------------------------------------------------------------------

struct live {
	struct facts facts;
	const char *name;
	struct cgroup_group *groups;
	size_t n;
	int cgroup2; // descriptor of the v2 group, -1: none
};

static bool live_begin(struct live *live, struct cgroup_limits limits)
{
	static unsigned count;
	struct cgroup_write *writes;
	size_t writes_n;
	*live = (struct live){.cgroup2 = -1};
	assert_int_equal(facts_gather(&arena, 0, NULL, &live->facts), 0);
	if (live->facts.uid || live->facts.controller[CONTROLLER_MEMORY].kind == CGROUP_NONE ||
	    live->facts.controller[CONTROLLER_PIDS].kind == CGROUP_NONE) {
		print_message("skipped: wants root and the controllers 'memory' and 'pids'\n");
		return false;
	}
	live->name = arena_printf(&arena, "tare-test%d-%u", (int)getpid(), count++);
	cgroup_groups(&arena, &live->facts, CGROUP_ALWAYS, live->name, &live->groups, &live->n);
	for (size_t i = 0; i < live->n; i++) {
		assert_int_equal(cgroup_make(live->groups[i].directory), 0);
		if (live->groups[i].kind == CGROUP_V2)
			live->cgroup2 =
				open(live->groups[i].directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	cgroup_hand_down(&arena, &live->facts, cgroup_controllers(&limits), live->name, &writes,
			 &writes_n);
	for (size_t i = 0; i < writes_n; i++)
		assert_int_equal(cgroup_set(writes[i].directory, writes[i].file, writes[i].value),
				 0);
	assert_int_equal(
		cgroup_writes(&arena, &limits, &live->facts, live->name, &writes, &writes_n), 0);
	for (size_t i = 0; i < writes_n; i++)
		assert_int_equal(cgroup_set(writes[i].directory, writes[i].file, writes[i].value),
				 0);
	return true;
}

static void join_all(const struct live *live)
{
	for (size_t i = 0; i < live->n; i++)
		if (live->groups[i].tasks && cgroup_v1_join(live->groups[i].tasks))
			_exit(100);
	if (live->cgroup2 >= 0 && file_put(live->cgroup2, "cgroup.procs", "0", 1))
		_exit(101);
}

static void live_end(struct live *live)
{
	fd_close(&live->cgroup2);
	for (size_t i = live->n; i-- > 0;) {
		assert_int_equal(cgroup_remove(live->groups[i].directory), 0);
		assert_int_not_equal(access(live->groups[i].directory, F_OK), 0);
	}
}

static void a_memory_hog_is_killed_and_reported(void **state unused_)
{
	struct live live;
	struct cgroup_limits limits = cgroup_no_limits;
	limits.memory = 6 << 20;
	if (!live_begin(&live, limits))
		skip();
	pid_t pid = fork();
	if (pid == 0) {
		enum { SIZE = 64 << 20 };
		join_all(&live);
		char *bytes = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		_exit(bytes == MAP_FAILED ? 102 : 0);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	struct cgroup_report report;
	cgroup_report(&arena, &live.facts, live.name, CGROUP_ASK_ALL, &report);
	live_end(&live);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_int_equal(report.oom_kills, 1);
	assert_true(report.memory_peak > (4 << 20) && report.memory_peak <= (6 << 20));
	assert_true(report.memory_max_hits > 0);
	assert_int_equal(report.pids_max_hits, 0);
}

static void the_third_process_is_not_made(void **state unused_)
{
	struct live live;
	struct cgroup_limits limits = cgroup_no_limits;
	limits.pids = 2;
	if (!live_begin(&live, limits))
		skip();
	pid_t pid = fork();
	if (pid == 0) {
		join_all(&live);
		pid_t second = fork();
		if (second == 0)
			_exit(fork() < 0 && errno == EAGAIN ? 0 : 1);
		int status;
		_exit(waitpid(second, &status, 0) == second && status == 0 ? 0 : 2);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	struct cgroup_report report;
	cgroup_report(&arena, &live.facts, live.name, CGROUP_ASK_ALL, &report);
	live_end(&live);
	assert_int_equal(status, 0);
	assert_int_equal(report.pids_max_hits, 1);
	assert_int_equal(report.oom_kills, 0);
}

static void removal_kills_who_is_left(void **state unused_)
{
	struct live live;
	int ready[2];
	char byte;
	if (!live_begin(&live, cgroup_no_limits))
		skip();
	// One below ours too, as a privileged container might have made it.
	const char *below = arena_printf(&arena, "%s/below", live.groups[0].directory);
	assert_int_equal(mkdir(below, 0755), 0);
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid_t pid = fork();
	if (pid == 0) {
		join_all(&live);
		bool in = file_put(AT_FDCWD, arena_printf(&arena, "%s/cgroup.procs", below), "0",
				   1) == 0;
		if (write(ready[1], in ? "y" : "n", 1) == 1)
			pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	live_end(&live);
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(byte, 'y');
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_group_for_each_tree),
		cmocka_unit_test(nothing_asked_nothing_written),
		cmocka_unit_test(all_limits_on_each_kind_of_host),
		cmocka_unit_test(no_limit_and_no_swap),
		cmocka_unit_test(shares_become_weights),
		cmocka_unit_test(the_rarer_limits),
		cmocka_unit_test(limits_of_networks),
		cmocka_unit_test(groups_below_others),
		cmocka_unit_test(keys_are_files_of_version_2),
		cmocka_unit_test(what_nobody_would_enforce_is_an_error),
		cmocka_unit_test(the_view_from_inside),
		cmocka_unit_test(only_our_groups_are_removed),
		cmocka_unit_test(a_memory_hog_is_killed_and_reported),
		cmocka_unit_test(the_third_process_is_not_made),
		cmocka_unit_test(removal_kills_who_is_left),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
