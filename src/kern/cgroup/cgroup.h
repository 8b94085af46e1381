// SPDX-License-Identifier: Apache-2.0
// cgroup.h - a container's cgroups: what to make, what to write, what happened, removal
//
// What is decided is decided by pure functions over facts: lists, which a plan can show before
// anything is done. The others do one thing each. Names of groups begin with CGROUP_PREFIX.
#pragma once

#include "base/arena.h"
#include "kern/facts.h"

#define CGROUP_PREFIX "tare-"

struct cgroup_rate { // of one block device
	uint32_t major;
	uint32_t minor;
	uint64_t rate; // bytes or operations a second, or a weight; 0: no limit
};

struct cgroup_rates {
	const struct cgroup_rate *item;
	size_t n;
};

enum cgroup_io { // what can be held to a rate
	CGROUP_READ_BPS,
	CGROUP_WRITE_BPS,
	CGROUP_READ_IOPS,
	CGROUP_WRITE_IOPS,
	CGROUP_IO_COUNT,
};

struct cgroup_hugepages {
	const char *size; // "2MB"
	uint64_t limit;   // bytes
};

struct cgroup_rdma { // of one device for remote direct memory access
	const char *device;
	int64_t handles; // -1: not given
	int64_t objects;
};

struct cgroup_net_priority { // v1: of what leaves by one interface
	const char *name;
	uint32_t priority;
};

struct cgroup_key { // a file of cgroup v2, and what is written into it
	const char *name;
	const char *value;
};

// One description for both versions. INT64_MIN, NULL, an empty list: not given, and what the kernel
// has is left alone.
struct cgroup_limits {
	int64_t memory;      // bytes; -1: unlimited
	int64_t memory_swap; // bytes of memory and swap together, as v1 counts; -1: unlimited
	int64_t memory_reservation; // bytes that are spared when memory is short; -1: unlimited
	int64_t swappiness;         // v1: 0 to 100
	bool oom_kill_off;          // v1: processes wait for memory instead of being killed
	int64_t cpu_quota;  // µs that may be used in each period, by all processors; -1: unlimited
	int64_t cpu_period; // µs
	int64_t cpu_burst;  // µs that may be saved up for a later period
	int64_t cpu_shares; // 2 to 262144; v2 has weights, see cgroup_weight_of_shares
	int64_t cpu_idle;   // 1: runs only when nobody else wants to
	int64_t rt_period;  // v1: µs, of real-time processes
	int64_t rt_runtime; // v1: µs a period, likewise
	const char *cpus;   // processors: "0-2,4"
	const char *mems;   // memory nodes: "0"
	int64_t pids;       // processes and threads; -1: unlimited
	int64_t io_weight;  // 10 to 1000, for the bfq scheduler
	struct cgroup_rates io_weights; // likewise, of single devices
	struct cgroup_rates io[CGROUP_IO_COUNT];
	const struct cgroup_hugepages *hugepages;
	size_t hugepages_n;
	const struct cgroup_rdma *rdma;
	size_t rdma_n;
	int64_t net_class; // v1: what packets are tagged with
	const struct cgroup_net_priority *net_priorities;
	size_t net_priorities_n;
	const struct cgroup_key *keys; // v2
	size_t keys_n;
};

extern const struct cgroup_limits cgroup_no_limits;

// The controllers that limits need, a bit each. Bit CONTROLLER_COUNT stands for a group of v2,
// which keys that belong to no controller need.
unsigned cgroup_controllers(const struct cgroup_limits *limits);

// Whether all these controllers are on v1.
bool cgroup_on_v1(const struct facts *facts, unsigned controllers);

// What a container joins whether it has limits or not: they account, and devices are filtered.
enum {
	CGROUP_ALWAYS = 1 << CONTROLLER_MEMORY | 1 << CONTROLLER_PIDS | 1 << CONTROLLER_CPU |
			1 << CONTROLLER_CPUACCT | 1 << CONTROLLER_DEVICES,
	CGROUP_EVERY = (1 << CONTROLLER_COUNT) - 1,
};

// A directory to make, one for each hierarchy that a container joins.
struct cgroup_group {
	enum cgroup_kind kind;
	const char *tree;        // where its hierarchy is mounted: "/sys/fs/cgroup/memory"
	const char *directory;   // "/sys/fs/cgroup/memory/tare-0123456789ab"
	const char *controllers; // "memory", "cpu,cpuacct"; v2: those it has there, or "cgroup2"
	const char *tasks;       // v1: the file that the child writes itself into; v2: NULL, as the
				 // child is born there (CLONE_INTO_CGROUP)
};

// Lists them for the controllers wanted (bits), wherever each lives. None on a host that has no
// cgroups mounted. `name` is a path below the top of each tree: "tare-0123456789ab",
// "batch/tare-0123456789ab".
void cgroup_groups(struct arena *arena, const struct facts *facts, unsigned wanted,
		   const char *name, struct cgroup_group **ret_groups, size_t *ret_n);

// A value to write, in this order, when the groups are there.
struct cgroup_write {
	enum controller controller;
	const char *directory;
	const char *file;
	const char *value; // NULL: what the same file of the group above has
};

// v2: lists what has to be written so that a group called `name` has the controllers wanted.
void cgroup_hand_down(struct arena *arena, const struct facts *facts, unsigned wanted,
		      const char *name, struct cgroup_write **ret_writes, size_t *ret_n);

// The same for a group that was handed over to the caller with these controllers ("cpu memory"):
// "+memory +pids", those of them that are wanted; or "-memory -pids", to take it back.
const char *cgroup_words(struct arena *arena, unsigned wanted, const char *controllers, char sign);

// Lists the limits. Errors name the limit, the controller and why it can't be applied.
int cgroup_writes(struct arena *arena, const struct cgroup_limits *limits,
		  const struct facts *facts, const char *name, struct cgroup_write **ret_writes,
		  size_t *ret_n);

// Whether these limits can be had here; cgroup_writes asks it first.
int cgroup_check(const struct cgroup_limits *limits, const struct facts *facts);

// The weight of v2 (1 to 10000, usually 100) for shares of v1 (2 to 262144, usually 1024).
unsigned cgroup_weight_of_shares(uint64_t shares);

// The controller that a file of cgroup v2 belongs to ("memory.high": memory); CONTROLLER_COUNT: to
// none that tare knows.
enum controller cgroup_key_controller(const char *key);

// A mount that shows the container its own groups, below /sys/fs/cgroup.
struct cgroup_view {
	const char *target;  // "": /sys/fs/cgroup itself; "memory"
	const char *type;    // "cgroup2", "cgroup", "tmpfs"; NULL: a symbolic link
	const char *options; // of the file system: "memory"; of a link: what it leads to
};

// Lists them for the controllers that were joined, to be mounted in this order in the container's
// cgroup namespace. None where no cgroups are.
void cgroup_views(struct arena *arena, const struct facts *facts, unsigned joined,
		  struct cgroup_view **ret_views, size_t *ret_n);

// Makes a group, or writes a value; errors are worded. Some files take one entry of a list at a
// time: a value's parts between semicolons are written one by one.
#define CGROUP_ENTRY_END ';'
int cgroup_make(const char *directory);

// The same, but a group that is there is taken as it is, unless processes are in it or it is
// frozen.
int cgroup_take(const char *directory);

int cgroup_set(const char *directory, const char *file, const char *value);

// Writes into a file what the group above has in it. A cpuset of v1 takes no process before it has
// both processors and memory nodes.
int cgroup_inherit(const char *directory, const char *file);

// Makes the groups of `path` below `tree` that are not there. Their names are the caller's: a
// symbolic link or ".." among them is refused.
int cgroup_make_parents(const char *tree, const char *path);

// v2: takes a group over that was handed to the caller, who is alone in it: he moves into
// CGROUP_SUPERVISOR below, since a group that hands controllers down can't hold processes; then the
// words are written into its cgroup.subtree_control. cgroup_leave takes that back, as far as it can
// be.
#define CGROUP_SUPERVISOR "supervisor"
int cgroup_take_over(const char *directory, const char *words);
void cgroup_leave(const char *directory, const char *words);

// v1: the calling process enters the group whose "tasks" file this is. Raw, for a container's
// first process: returns 0 or a negative errno.
int cgroup_v1_join(const char *tasks);

// What happened in the groups, to be read before they are removed. UINT64_MAX: not known here.
struct cgroup_report {
	uint64_t memory_peak;     // most bytes in use at a time
	uint64_t memory_max_hits; // how often the limit was reached and memory had to be found
	uint64_t oom_kills;       // processes killed because none was found
	uint64_t pids_peak;       // most processes and threads at a time (Linux 6.1)
	uint64_t pids_max_hits;   // forks that failed at the limit
	uint64_t cpu_used;        // µs of processor time
	uint64_t cpu_throttled;   // µs that processes had to wait though they could have run
};

// How much is read: every file is three system calls at the end of a container.
enum cgroup_ask {
	CGROUP_ASK_KILLS, // oom_kills alone
	CGROUP_ASK_ALL,
};

void cgroup_report(struct arena *arena, const struct facts *facts, const char *name,
		   enum cgroup_ask ask, struct cgroup_report *ret_report);

// Removes a group and those below it; whoever is left in them is killed. It waits up to three
// seconds for them to go. A group that is not there is fine; a path that leads to no group, or to
// the top of a tree, is refused.
int cgroup_remove(const char *directory);

// The same for a path that a record on disk tells: one that does not end as the names of tare's own
// groups do is refused.
int cgroup_remove_own(const char *directory);
