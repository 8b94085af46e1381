// SPDX-License-Identifier: Apache-2.0
// pick.h - the containers that a command line names, or means by --all and the like
#pragma once

#include "box/record/record.h"
#include "engine/roots.h"
#include "oci/lists.h"

struct pick_want {
	struct oci_strings names;    // names, ids, beginnings of ids
	struct oci_strings cidfiles; // --cidfile: files that hold an id
	bool all;                    // --all
	bool running;                // ... of those that run
	bool latest;                 // --latest: the one that was made last
	bool ignore;                 // --ignore: what is not there is no error
};

struct pick {
	const struct pick_want *want;
	struct box_record *records;
	size_t records_n;
	size_t next;
};

struct picked {
	const char *given;               // as the command line calls it, for what is printed
	const struct box_record *record; // NULL: not there, and ignored
};

// Lists the containers. An error where the words of the command make no sense together.
int pick_begin(struct arena *arena, const struct roots *roots, const struct pick_want *want,
	       struct pick *ret_pick);

// The next one. Returns 0, PICK_END, or an error about this one: others may follow.
enum { PICK_END = 1 };
int pick_next(struct arena *arena, struct pick *pick, struct picked *ret_picked);
