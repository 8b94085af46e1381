// SPDX-License-Identifier: Apache-2.0
// facts.h - what this kernel, this host and this caller allow
//
// plan_build decides everything from a spec and these facts, and asks the system nothing: that is
// why a plan can be tested as text. facts_gather reads them, the dear ones (those that need a fork)
// only when they are wanted. The tests read facts from JSON with facts_from_json.
#pragma once

#include "base/arena.h"
#include "base/str.h"

// The resource controllers tare knows. Each may live on cgroup v1 or v2: that is decided per
// controller, as a host may mix both ("hybrid").
enum controller {
	CONTROLLER_CPU,
	CONTROLLER_CPUACCT, // v1 only: v2 counts CPU time in every cgroup
	CONTROLLER_CPUSET,
	CONTROLLER_MEMORY,
	CONTROLLER_PIDS,
	CONTROLLER_DEVICES, // v1 only: v2 filters devices by BPF program
	CONTROLLER_FREEZER,
	CONTROLLER_BLKIO,   // "io" on v2
	CONTROLLER_HUGETLB, // these four are found only with FACTS_LIMITS
	CONTROLLER_RDMA,
	CONTROLLER_NET_CLS, // these two v1 only: v2 leaves packets to BPF
	CONTROLLER_NET_PRIO,
	CONTROLLER_COUNT,
};

enum cgroup_kind { CGROUP_NONE, CGROUP_V1, CGROUP_V2 };

struct facts_controller {
	enum cgroup_kind kind;
	const char *directory; // where its hierarchy is mounted: "/sys/fs/cgroup/memory"
	const char *own;       // the caller's cgroup in it: "/" or "/user.slice/…"
	bool enabled;          // v2: groups below the tree's top have it without being asked
};

struct facts_id_range {
	uint32_t first; // host id
	uint32_t count; // 0: there is none
};

struct facts {
	uint32_t uid;             // the caller's effective user id
	uint32_t gid;             // and group id
	const char *user;         // its name in passwd; NULL: it has none. 0 is always "root"
	unsigned kernel_major;    // 6 of "6.18.4"
	unsigned kernel_minor;    // 18
	const char *machine;      // "x86_64", "aarch64"
	uint64_t capabilities;    // the caller's effective set, one bit each
	uint64_t bounding;        // and its bounding set
	uint64_t ignored;         // the signals it ignores: bit 0 is signal 1
	unsigned last_capability; // the highest number this kernel knows
	uint64_t nofile_hard;     // hard limit of open files
	bool nested;              // uid is 0 in a user namespace, not the host's root: no device
				  // nodes, only the cgroups that somebody gave it

	struct facts_controller controller[CONTROLLER_COUNT];
	const char
		*cgroup2; // mount point of the cgroup2 tree (hybrid hosts have one too); NULL: none
	const char *cgroup2_own; // the caller's cgroup in it
	bool swap_accounting;    // memory and swap can be limited together
	bool device_filter;      // v2: a BPF program can be attached to a cgroup

	// With FACTS_LIMITS:
	const char *cpus;         // processors that a cpuset may have: "0-3"
	const char *mems;         // memory nodes likewise: "0"
	bool rt_groups;           // v1: real-time processes have time a group
	const char *io_scheduler; // of the disks: "bfq" where one has it; NULL: none has any

	// With FACTS_DELEGATED, of an ordinary user:
	const char *delegated; // the group of cgroup v2 he may make groups in; NULL: there is none
	const char *delegated_controllers; // "cpu memory pids"
	bool service_manager; // it is that of his service manager, who has to be asked for a scope

	// With FACTS_BUS; see kern/cgroup/unit.h:
	const char *bus; // where the service manager that makes scopes is asked; NULL: none is
	const char *bus_group; // its own group, with a slash behind; "": the top of the tree
	bool bus_user;         // it is an ordinary user's

	struct facts_id_range subuid; // the caller's largest range in /etc/subuid
	struct facts_id_range subgid;
	const char *newuidmap; // path of the set-uid helper; NULL: not there
	const char *newgidmap;

	const char *user_namespace_denied; // the switch that denies it, as a person would set it;
					   // NULL: an ordinary user may make user namespaces
	bool overlay_in_userns;            // overlay mounts there, and files can be removed on it
	bool idmapped_layers; // root: an overlay takes layers that are seen with other ids; set by
			      // facts_idmapped_layers
};

// Facts that cost more than a few system calls are gathered only when asked for.
enum facts_want {
	FACTS_CHEAP = 0,
	FACTS_USER_NAMESPACE =
		1 << 0,           // user_namespace_denied (read from sysctls, then a trial clone)
	FACTS_OVERLAY = 1 << 1,   // overlay_in_userns (a fork and a mount; cached)
	FACTS_LIMITS = 1 << 2,    // what only the rarer limits need
	FACTS_DELEGATED = 1 << 3, // where an ordinary user may have cgroups
	FACTS_BUS = 1 << 4,       // the service manager, for scopes
};

// Directories that dear facts are about, or are kept in.
struct facts_places {
	const char *cache; // where they are kept by boot id and uid; NULL: neither read nor written
	const char *layers; // where containers' layers and changes are, or will be made; NULL: /tmp
};

// `places` may be NULL: all of them are. Returns 0 or an error of fail.h.
int facts_gather(struct arena *arena, unsigned want, const struct facts_places *places,
		 struct facts *ret_facts);

// Finds out facts->idmapped_layers, for layers that are or will be below the directory: a fork and
// a mount.
void facts_idmapped_layers(struct arena *arena, const char *directory, struct facts *facts);

// Whether devices can be filtered here, for each cgroup.
bool facts_filter_devices(const struct facts *facts);

// The document that facts_to_json prints, as tests and `tare info --json` use it.
int facts_from_json(struct arena *arena, struct str text, struct facts *ret_facts);
struct str facts_to_json(struct arena *arena, const struct facts *facts);

const char *controller_name(enum controller controller); // "memory"; for v2 and v1 alike
