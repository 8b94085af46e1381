// SPDX-License-Identifier: Apache-2.0
// plan.h - the start of a container as data
//
// A container is a process that was given namespaces, a root of its own, a cgroup, fewer
// capabilities and a system call filter. Here that sentence is a list of steps in one total order:
//
//	plan_build(spec, facts)  makes the list; pure, the same input gives the same plan
//	walk_run(plan)           executes it across the two processes involved (steps/walk.h)
//	plan_explain(plan)       says each step in words (readings/explain.h)
//	plan_script(plan)        prints it as a shell script of its own (readings/script.h)
//
// What each step means in these readings stands in one row of a table (steps/op.h).
#pragma once

#include "base/buf.h"
#include "box/exec/hook.h"
#include "box/spec.h"
#include "kern/facts.h"
#include "kern/namespaces/idmap.h"

#include <linux/bpf.h>
#include <linux/filter.h>

// Who takes a step.
enum actor {
	ACTOR_HOST,  // the parent: outside, with the caller's rights
	ACTOR_MID,   // the process between, where namespaces are entered that only a child of who
		     // entered them is in; it makes INIT and ends
	ACTOR_INIT,  // the child: inside the new namespaces, the future process 1
	ACTOR_LATER, // commands that come after the start: those steps end a plan
};

// The kinds of steps, in the order in which a start usually takes them.
enum op {
	// HOST, before the child exists
	OP_STATE,          // the container's own directory, locked while it lives
	OP_FILE,           // a small file in it: hosts, hostname, resolv.conf
	OP_VOLUME,         // a volume of the container's own
	OP_SOURCE,         // a missing host directory that -v names
	OP_SCOPE,          // a user's cgroup, made by systemd, and tare in it
	OP_CGROUP_OWN,     // a cgroup that was handed over: made ready for others below it
	OP_CGROUP_PARENT,  // the groups that --cgroup-parent names
	OP_CGROUP,         // a cgroup directory
	OP_CGROUP_SET,     // one value in one file of it
	OP_CGROUP_INHERIT, // one value, taken over from the group above
	OP_DEVICE_FILTER,  // cgroup v2: the device rules as a BPF program
	OP_REAPER,         // --init: the program that reaps
	OP_MAP_SOURCE,     // a source of -v, seen with other ids
	OP_ID_SPACE,       // the container's ids, for mounts that are seen through them
	OP_HOLD,           // something of a path that INIT will not reach
	OP_DOOR,           // a bundle: the socket at which it waits for its start
	OP_NAMESPACE_OPEN, // the file of a namespace that will be joined
	OP_MID,            // the process between
	OP_CGROUP_OPEN,    // exec: the cgroup of v2 that the child will be born into

	// MID
	OP_APART,          // a mount namespace of its own
	OP_OVERLAY_SOURCE, // a source of -v, with changes kept elsewhere
	OP_UNDUMPABLE,     // nobody may look into it, in the world it enters
	OP_JOIN,           // enter a namespace that exists
	OP_ENTER,          // exec: enter those of a container that runs
	OP_CLOCKS,         // a time namespace, and how its clocks differ

	// MID, or HOST where there is none
	OP_CLONE, // the child, in its new namespaces

	// MID again
	OP_ID_MAP_WITHIN, // the same as the next, within a user namespace of MID's

	// HOST
	OP_ID_MAP, // which host ids the ids of the new user namespace stand for

	OP_UNIT,       // a cgroup that systemd makes, and the child in it
	OP_NET_DEVICE, // a network device of the host's that goes inside
	// HOST, when all is ready
	OP_CONSOLE, // the terminal's outer end goes to who looks after it
	OP_RECORD,  // the number of the first process is written down

	// INIT, on the host's file system
	OP_DIE_WITH_PARENT, // be killed when the parent dies
	OP_CLEAN_SLATE,     // own session, default signals, umask 0
	OP_CGROUP_JOIN,     // cgroup v1: enter one hierarchy's group
	OP_AFFINITY,        // exec: processors it may use
	OP_CGROUP_VIEW,     // the cgroup namespace
	OP_BECOME_ROOT,     // id 0 of the user namespace
	OP_OOM_SCORE,       // how soon it is a victim when memory runs out
	OP_LABEL,           // what AppArmor or SELinux know it by
	OP_KEEP_SOURCE,     // a source of -v that mount events are to reach
	OP_PRIVATE,         // mount events stay inside
	OP_SYSCTL,          // a setting of the kernel that a namespace has for itself
	OP_ROOT_BIND,       // the root: a directory
	OP_ROOT_OVERLAY,    // the root: layers and a directory for changes
	OP_ROOT_PLACE,      // a root that MID made
	OP_MOUNT,           // a file system of the kernel's
	OP_BIND,            // something of the host's
	OP_BIND_OVERLAY,    // the same, with changes kept elsewhere
	OP_NODE,            // a device node, made
	OP_NODE_BIND,       // a device node, borrowed from the host
	OP_LINK,            // a symbolic link in /dev
	OP_TERMINAL,        // the pseudo-terminal of -t
	OP_TERMINAL_INSIDE, // the same, in a container that runs
	OP_MASK,            // hide a path
	OP_READONLY,        // a path that may be read only
	OP_MAKE_DIRECTORY,  // the working directory, where the root lacks it

	// INIT, in the new root
	OP_PIVOT,            // the new root becomes "/"
	OP_DETACH,           // the old one goes away
	OP_LINE,             // a line for a file of the root's
	OP_ROOT_PROPAGATION, // how mount events travel from it
	OP_ROOT_READONLY,    // --read-only
	OP_LOOPBACK,         // "lo" up
	OP_HOSTNAME,         // the name in the uts namespace
	OP_DOMAINNAME,       // and its NIS domain
	OP_RLIMIT,           // one resource limit
	OP_PERSONALITY,      // how old or strange a kernel it is shown
	OP_MEMORY_POLICY,    // memory nodes that pages come from
	OP_IO_PRIORITY,      // how soon disks serve it
	OP_SCHEDULER,        // how the processor is shared with others
	OP_KEYRING,          // a new session keyring
	OP_STDIN_NULL,       // standard input is /dev/null
	OP_OUTPUT_NULL,      // standard output, or standard error, is
	OP_USER,             // look the user up in the root
	OP_GROUP,            // one more group for it
	OP_BOUNDING,         // capabilities nobody in here may ever get
	OP_NO_NEW_PRIVS,     // set-uid programs gain nothing
	OP_SECCOMP,          // the system call filter: Docker's default
	OP_SECCOMP_PROFILE,  // or the user's own
	OP_SECCOMP_AT_EXEC,  // or that one, as the last call before execve
	OP_SECCOMP_AGENT,    // HOST: its listener goes to the agent that answers
	OP_SECCOMP_WATCH,    // HOST: or to a process of ours, which tells of calls at the end
	OP_KEEP_RIGHTS,      // capabilities outlast the change of ids
	OP_STREAMS,          // standard input and outputs become the user's
	OP_IDS,              // groups, group, user
	OP_CAPABILITIES,     // the sets of this process
	OP_CAPABILITY_SETS,  // each of them as a document says
	OP_WORKDIR,          // the working directory
	OP_DESCRIPTORS,      // descriptors of the caller that go along
	OP_UMASK,            // mode bits that new files lack
	OP_FIND,             // whether the program is there
	OP_AWAIT_START,      // until somebody says start
	OP_EXEC,             // become the workload

	// HOST, INIT and LATER
	OP_HOOK, // a program that the bundle names
	OP_COUNT,
};

enum { PLAN_KEPT_MAX = 256 }; // sources of binds that are taken early

// Descriptors that one step makes and a later one uses. Where the actor changes, those of HOST's
// column travel with the hand-over.
enum slot {
	SLOT_STATE,     // HOST: the state directory, which holds the lock
	SLOT_CGROUP2,   // HOST: the cgroup2 directory the child is born into
	SLOT_ROOT,      // INIT: the new root's mount
	SLOT_DEV,       // INIT: its /dev
	SLOT_MASK,      // INIT: an empty read-only directory, made at the first need
	SLOT_MASTER,    // INIT, then HOST: our end of the pseudo-terminal
	SLOT_DOOR,      // HOST, then INIT: where it waits for its start
	SLOT_REAPER,    // HOST, then INIT: the program of --init
	SLOT_END,       // likewise, and HOST again: where it tells which signal ended the workload
	SLOT_LISTENER,  // INIT, then HOST: of the filter; INIT's copy is closed when it was sent
	SLOT_WATCHER,   // HOST: the process that hears of system calls
	SLOT_WATCH_END, // HOST: the pipe by which it is told that the container has ended
	SLOT_IDS,       // HOST, then MID: a user namespace with the container's ids
	SLOT_COUNT,
};

struct step {
	uint8_t op;    // enum op
	uint8_t actor; // enum actor
	int16_t spare; // an errno that means "nothing to do here"; 0: none
	int32_t k;     // a small number, as the op says
	const char *a; // operands, as the op says
	const char *b;
	const char *c;
	uint64_t n;
	uint64_t m;
};

struct plan {
	const struct step *steps;
	size_t steps_n;
	const struct box_spec *spec;
	const struct facts *facts;
	uint64_t namespaces;  // CLONE_NEW… of the clone step
	struct id_maps maps;  // of its user namespace; empty: it has none
	size_t held_n;        // hold steps
	bool outside;         // what the child will not reach is mounted by MID
	struct id_maps outer; // then of MID's user namespace; empty: it stays in HOST's
	struct id_maps inner; // then of the child's, as MID counts
	bool mid;             // there is a process between: it makes the child
	bool mid_user;        // and is itself in the new user namespace
	bool share_memory; // the child may run in the parent's memory until exec (see steps/walk.h)
	const char **argv; // of the workload, ends in NULL
	const char **envp; // environment of the workload, with a free entry before the NULL
	size_t envp_n;     // entries that are taken
	bool home;         // the free one gets HOME, of the root's passwd
	const char *cgroup_name; // of the container's groups; NULL: it stays in the caller's
	unsigned controllers;    // those joined, a bit each (enum controller)
	struct bpf_insn *device_program; // cgroup v2: the device rules
	size_t device_program_n;
	const struct sock_filter *filter; // the seccomp program; NULL: none
	size_t filter_n;
	const struct sock_filter *judge; // what it was before it asked the watcher
	size_t judge_n;
	unsigned filter_flags; // SECCOMP_FILTER_FLAG_… it is installed with
	bool filter_at_exec;   // as it denies what comes before
	uint64_t bounding;     // capabilities that stay
	uint64_t granted;      // capabilities of a workload that runs as root
	struct hook *hooks;    // of the bundle
	size_t hooks_n;
	struct hook_state hook_state; // what they are told
};

// Builds the plan. Asks the system nothing. Returns 0 or an error of fail.h: what the spec wants
// and the facts do not allow.
int plan_build(struct arena *arena, const struct box_spec *spec, const struct facts *facts,
	       struct plan *ret_plan);

// The same for a process that enters spec->target.
int plan_build_exec(struct arena *arena, const struct box_spec *spec, const struct facts *facts,
		    struct plan *ret_plan);

// The limits of a document, as kern reads them. Errors: what no kernel has any more.
struct cgroup_limits;
int plan_limits(struct arena *arena, const struct oci_resources *resources,
		struct cgroup_limits *ret_limits);

// Whether a source of it is taken before mounts are made private.
bool plan_keeps_source(const struct plan *plan);

// The id maps of an id-mapped mount: its own, or where it has none the container's.
void plan_mount_maps(struct arena *arena, const struct box_spec *spec,
		     const struct oci_mount *mount, struct id_maps *ret_maps);

// The options of mounts that the specification or mount(8) knows, whatever the file system: what
// `features` tells.
void plan_mount_options(struct arena *arena, struct oci_strings *ret_names);

// Whether the value of "NAME=value" came from the user, and so is never printed.
bool plan_is_secret(const struct plan *plan, const char *variable);

// "host", "mid", "init".
const char *actor_name(unsigned actor);

// One line a step: number, actor, name and operands. The golden tests compare this text.
void plan_text(struct buf *out, const struct plan *plan);

// A step as one line of text, and back. An error of reading names the step.
void step_text(struct buf *out, const struct step *step);
int step_read(struct arena *arena, const char *text, struct step *ret_step);

// The flags of an OP_MOUNT or OP_BIND step, in step.n: MOUNT_ATTR_… of mount_setattr(2) below bit
// 32, for the mount itself, and above it these. A bind's step.m has those that hold for what is
// mounted below as well: to set below bit 32, to clear above it.
enum {
	MOUNT_ATTRIBUTES = 0xffffffff,   // the bits that are attributes
	MOUNT_RECURSIVE = 1ull << 32,    // bind with what is mounted below
	MOUNT_NO_LINKS = 1ull << 33,     // the target must be a real directory of the root
	MOUNT_KEEP_DEV = 1ull << 34,     // remember the mount as SLOT_DEV
	MOUNT_MODE_BELOW = 1ull << 35,   // tmpfs: take the mode of the directory it covers
	MOUNT_PRIVATE_FILE = 1ull << 36, // bind: a file tare made for this container
	MOUNT_SHARED = 1ull << 37,       // bind: mounts travel both ways
	MOUNT_SLAVE = 1ull << 38,        // bind: mounts come in
	MOUNT_UNBINDABLE = 1ull << 39,   // bind: it can't be bound again
	MOUNT_CHOWN = 1ull << 40,        // bind: its files become those of the user in step.c
	MOUNT_LABEL = 1ull << 41,        // bind: z or Z, for which nothing is to be done here
	MOUNT_COPY_UP = 1ull << 42, // tmpfs, volume: begin with a copy of the directory it covers
	MOUNT_VOLUME = 1ull << 43,  // bind: a volume of the container's own
	// 44 to 48 are kern/mounts/mount.h's MOUNT_SYNC and its kin
	MOUNT_REMOUNT = 1ull << 49, // change what is mounted there
	MOUNT_ONLY_THIS =
		1ull << 50,     // remount: the mount, not the file system. map-source: likewise
	MOUNT_OWN = 1ull << 51, // keep-source: it becomes the property of the container's root
	// From here on attributes that are taken away, of the mount itself: see mount_cleared.
	MOUNT_CLEARED = 1ull << 52,
};

// The attributes below bit 8, and MOUNT_ATTR_NOSYMFOLLOW after them.
static inline uint64_t mount_cleared(uint64_t n)
{
	uint64_t bits = n / MOUNT_CLEARED;
	return (bits & 0xff) | (bits & 0x100) << (21 - 8);
}

static inline uint64_t mount_as_cleared(uint64_t attributes)
{
	return ((attributes & 0xff) | (attributes >> (21 - 8) & 0x100)) * MOUNT_CLEARED;
}

// Flags of OP_ROOT_OVERLAY, in step.n.
enum {
	ROOT_OVERLAY_USER = 1,     // in a user namespace: userxattr
	ROOT_OVERLAY_FLEETING = 2, // thrown away afterwards: volatile
	ROOT_OVERLAY_MAPPED = 4,   // layers are seen through the container's ids
};

// Flags of OP_ROOT_BIND, in step.k.
enum {
	ROOT_BIND_READONLY = 1, // what is mounted below it, at once
	ROOT_BIND_MAPPED = 2,   // it is seen through the container's ids
};

// What OP_IDS does with supplementary groups, in step.k; 0: those that were looked up are set.
enum {
	IDS_NO_GROUPS = 1,   // a single id is mapped, and they can't be set
	IDS_KEEP_GROUPS = 2, // the caller's stay, as was asked for
};
