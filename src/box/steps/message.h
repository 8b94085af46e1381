// SPDX-License-Identifier: Apache-2.0
// message.h - what the processes of a start say to each other
#pragma once

#include "box/steps/walk.h"

enum said {
	SAID_GO = 1,      // HOST: go on with your steps
	SAID_FAILED,      // INIT: a step failed
	SAID_EXEC,        // INIT: what follows is the last system call of the setup
	SAID_INIT_FAILED, // the reaper of --init: its child could not become the workload
};

struct walk_message {
	uint32_t said;   // enum said
	uint32_t step;   // which one failed, or comes next
	int32_t error;   // negative errno
	uint32_t slots;  // bit set of the slots whose descriptors come along
	uint32_t detail; // of the step's error
	struct exec_why why;
};

// Sends one, with the descriptors of those slots that cross over. System calls only. Returns 0 or
// more, or a negative errno.
int walk_say(struct walk *walk, enum said said, size_t step, int error);

// Waits for one and takes its descriptors into their slots. System calls only. Returns 1 for a
// message, 0 at the end of the connection, or a negative errno.
int walk_hear(struct walk *walk, struct walk_message *ret_message);
