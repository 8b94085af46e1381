// SPDX-License-Identifier: Apache-2.0
// watch.h - a process that hears of a container's system calls, and tells of them at the end
#pragma once

#include "box/plan.h"
#include "kern/seccomp/syscalls.h"

#include <linux/seccomp.h>

enum {
	WATCH_REFUSALS_MAX = 256, // different ones; more are counted together
	WATCH_COMM_SIZE = 16,     // the kernel's TASK_COMM_LEN
	WATCH_PROFILE_MAX = 1 << 20,
};

struct watch {
	const struct plan *plan;
	int listener; // of the container's filter
	int end;      // a pipe: a byte says that the container has ended; its end, that nobody asks
	int file;     // that gets the profile; -1: refusals are explained on standard error
	bool alone;   // who started it ends first: it tells when nobody is left who calls
};

struct watch_refusal {
	struct seccomp_data call;   // the first of them
	int error;                  // errno it got
	uint32_t pid;               // of the first who called, as the host counts
	char comm[WATCH_COMM_SIZE]; // and its name
	unsigned times;
};

// What was heard.
struct watch_seen {
	struct arena *arena;
	const struct watch *watch;
	uint8_t *made;         // record: for each row of syscalls, one bit for each enum abi
	unsigned unnamed;      // record: calls that our table does not know
	uint32_t last_unnamed; // the number of the last of these
	struct watch_refusal
		refusals[WATCH_REFUSALS_MAX]; // explain: by call and name of the caller
	size_t refusals_n;
	unsigned others; // refusals that found no room
};

// The process: answers calls until it is told to tell, tells, and returns its exit status. `watch`
// is a struct watch. Every descriptor but its own and the standard ones is closed.
int watch_main(void *watch);

// The ABI of a call.
enum abi watch_abi(const struct seccomp_data *call);

// The least profile with which the calls pass, in Docker's JSON, ends in a newline. What a start
// needs itself is in it. Arguments are not noted; those that Docker's default looks at (clone,
// personality, socket) are held to its conditions if that was the filter.
void watch_profile_print(struct watch_seen *seen, struct buf *out);

// One line of what was refused, to whom, and what would allow it.
void watch_refusal_print(struct watch_seen *seen, const struct watch_refusal *refusal,
			 struct buf *out);
