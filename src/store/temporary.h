// SPDX-License-Identifier: Apache-2.0
// temporary.h - files and directories that are being made, and those that a kill left
#pragma once

#include "base/fd.h"

enum { TEMPORARY_NAME_SIZE = 48 };

struct temporary {
	int parent; // the directory it is in; not ours to close
	int fd;     // the file or directory; -1: there is none
	int lock;   // of a directory, the file beside it that is locked; else -1
	char name[TEMPORARY_NAME_SIZE]; // its name in there: ".tmp-…"; empty: it has another by now
};

#define TEMPORARY_NONE      ((struct temporary){-1, -1, -1, ""})
#define _cleanup_temporary_ _cleanup_(temporary_drop)

// Makes a file (0600, open for reading and writing) or a directory (0700), and locks it for as long
// as it is one's own.
int temporary_file(int parent, struct temporary *ret_temporary);
int temporary_directory(int parent, struct temporary *ret_temporary);

// Takes a directory that has a name its name away, so that it can be removed: as if it had just
// been made. TEMPORARY_GONE when there is none.
enum { TEMPORARY_GONE = 1 };
int temporary_take(int parent, const char *name, struct temporary *ret_temporary);

// Gives it the name that makes it count, in the same directory, and syncs that directory. Returns
// 0, TEMPORARY_EXISTS when that name is taken (a file then takes it over, a directory does not), or
// an error.
enum { TEMPORARY_EXISTS = 1 };
int temporary_keep(struct temporary *temporary, const char *name);

// Closes it, and removes it if it was not kept: a file, or an empty directory. A tree is removed by
// whoever has power over it, before.
void temporary_drop(struct temporary *temporary);

// Calls remove(argument, parent, name) for each directory that nobody holds a lock on any more: its
// maker was killed. Returns 0 when it is away.
void temporary_sweep_directories(int parent,
				 int (*remove)(void *argument, int parent, const char *name),
				 void *argument);

// Removes the dead files of a directory.
void temporary_sweep_files(int parent);
