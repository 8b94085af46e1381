// SPDX-License-Identifier: Apache-2.0
// walk.h - taking the steps of a plan, by two processes
//
// HOST and INIT each go through the same list and take the steps that name them. Where the actor
// changes there is a hand-over: one message on a socket pair, which carries the descriptors that
// the other side will need. An error travels the same way: INIT says {step, errno} and dies, HOST
// words it from the plan.
//
// INIT says {exec} right before it becomes the workload; the end of the connection after that means
// that it did. Without the {exec} it means that INIT was killed.
//
// Where a namespace is joined there is a third, MID. Two kinds of namespaces, pid and time, are
// entered only by children of who asks, and what is joined may belong to another user namespace,
// which has to be entered first. HOST can do neither and stay what it is. So it makes MID, which
// enters them, makes INIT as HOST's child (CLONE_PARENT), tells its number through a pipe, ends.
//
// Sharing memory. A child that shares its parent's memory until exec (as vfork(2) does it) saves a
// third of a start, and has teeth: it must not allocate, must not touch errno or anything else of
// the C library's, and the parent stands still meanwhile. So INIT's code uses sys.h only, works on
// its own copy of struct walk, and plan_build asks for sharing only where INIT needs nobody's help
// after the clone and joins nothing that exists.
#pragma once

#include "box/exec/why.h"
#include "box/plan.h"

#include <limits.h>

enum { WALK_GROUPS_MAX = 64, WALK_HOME_MAX = 256 };

// What INIT found out about the user in the root's own files.
struct walk_user {
	uint32_t uid;
	uint32_t gid;
	uint32_t groups[WALK_GROUPS_MAX];
	size_t groups_n;
	char home[sizeof("HOME=") + WALK_HOME_MAX]; // "HOME=/root"
};

struct walk_trace {
	uint64_t begin; // nanoseconds of CLOCK_MONOTONIC; 0: the step was not taken
	uint64_t end;
	int32_t result; // 0 or a negative errno
	bool spared;    // an errno that the step tolerates
};

// What was opened by a step for a later one that will not reach its path.
struct walk_held {
	const char *path;
	int fd; // -1: taken
};

struct walk {
	const struct plan *plan;
	struct arena *arena;     // HOST only; NULL in INIT
	enum actor self;         // whose steps are taken
	int slot[SLOT_COUNT];    // descriptors by name; -1: not there
	int kept[PLAN_KEPT_MAX]; // sources of binds that were taken early, by number; -1: none
	uint32_t detail; // INIT: what a step says of its error beyond the errno, as the op says
	int socket;      // to the other side; -1 before the clone
	pid_t pid;       // HOST: the child; 0 before the clone
	pid_t mid;       // HOST: the process between, while it lives; else 0
	int born;        // HOST and MID: the pipe by which it tells of the child; else -1
	struct walk_held *held; // room for plan->held_n
	size_t held_n;
	int joined[NAMESPACE_COUNT]; // namespaces to be entered; -1: not that kind
	int pidfd;                   // HOST: of the child
	size_t undo_n;               // HOST: steps taken, to walk back
	bool keep;                   // HOST: its directory stays when the rest is taken back
	size_t failed;               // HOST: the step that did, from 1; 0: none

	struct walk_trace *trace;     // one entry a step in memory both sides see; NULL: not wanted
	uint64_t ignored;             // signals the caller ignores, bit 0 is signal 1
	struct walk_user user;        // INIT: set by OP_USER, OP_GROUP
	uint32_t descriptors;         // of the caller, from 3 on, that go along; OP_DESCRIPTORS
	const char *descriptors_more; // and these: "7,9", sorted; NULL: none
	uint32_t umask;               // of the workload; OP_UMASK changes it
	const struct step *filter;    // that puts the filter on at exec; NULL: none
	struct exec_own own;          // the runtime's own executable, never to be run inside
	struct exec_why *why;         // why exec failed; filled by INIT, read by HOST
};

// Takes all steps. Afterwards the workload runs, or an error of fail.h is returned and everything
// that was made is taken back. `trace` has room for plan->steps_n entries in shared memory, or is
// NULL.
int walk_run(struct arena *arena, const struct plan *plan, struct walk_trace *trace,
	     struct walk *ret_walk);

// Takes back what outlives a container, newest first. Best effort: what fails is left for the next
// command.
void walk_undo(struct walk *walk);

// After the container has ended, or to end it: kills what may still run, closes the descriptors and
// walks back what is to be undone.
void walk_stop(struct walk *walk);

// Takes the steps [first, last) in this very process, as `tare step` does for a script. Returns 0
// or a negative errno with ret_step the step that failed.
int walk_here(struct walk *walk, size_t first, size_t last, size_t *ret_step);

// A walk without open slots.
void walk_init(struct walk *walk, const struct plan *plan);

// For the mid step: makes the process between, in a user namespace of its own where `user` says.
int walk_mid(struct walk *walk, bool user);

// For the clone step: makes the child, which goes on with INIT's steps and never returns.
int walk_clone(struct walk *walk);

// For the exec step: tells HOST that all went well so far.
int walk_say_exec(struct walk *walk);

// For a step: hands over what is held of that path. A descriptor, or -1: nothing is.
int walk_take_held(struct walk *walk, const char *path);

// For a step: the number of it in its plan.
size_t walk_index(const struct walk *walk, const struct step *step);
