// SPDX-License-Identifier: Apache-2.0
// entries.h - the entries of a directory, for walks that go into what they find
#pragma once

#include <dirent.h>

enum { ENTRIES_SIZE = 4096 };

// One buffer serves all depths of a walk.
struct entries {
	_Alignas(struct dirent64) char bytes[ENTRIES_SIZE];
};

// What `take` answers: 0, a negative errno, or that it went into the entry, which is the deepest
// directory now.
enum { ENTRIES_WENT_IN = 1 };

// Reads on in the directory and gives each name but "." and ".." to `take`, until that goes into
// one: then reading continues behind it the next time. Returns 0 at the end of the directory, 1
// where there may be more, or a negative errno. System calls only.
int entries_take(int directory, struct entries *entries,
		 int (*take)(void *context, const char *name), void *context);
