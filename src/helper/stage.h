// SPDX-License-Identifier: Apache-2.0
// stage.h - one process of a helper program's pipeline
#pragma once

#include "base/buf.h"
#include "base/program.h"
#include "kern/namespaces/idmap.h"

struct stage {
	const char *name; // for errors: "decompressor"
	// What it does in a process of its own; returns 0, having added to the answer, or an error.
	int (*work)(struct arena *arena, void *context, struct buf *answer);
	void *context;
	const int *fds; // the descriptors it keeps, besides the first three; -1 stands for none
	size_t fds_n;
	const struct id_maps *maps; // it runs as root of a user namespace with these; NULL: of none
};

// Starts it. It dies with its parent. What it answers is heard by program_finish.
int stage_start(struct arena *arena, const struct stage *stage, struct program_child *ret_child);

// Copies from one descriptor to another till the end, in pieces shown to `look` before. A reader
// who went away is STAGE_UNHEARD: it has an error of its own to tell. Returns that, 0, or an error.
enum { STAGE_UNHEARD = 1 };
int stage_pump(int from, int to, int (*look)(void *context, struct str piece), void *context);
