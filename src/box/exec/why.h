// SPDX-License-Identifier: Apache-2.0
// why.h - becoming the workload, and why that failed
//
// The child's half (exec_run) uses system calls only and keeps what it saw in a struct of fixed
// size, which travels to the parent; the parent's half (exec_why_fail) puts it into words.
#pragma once

#include "base/arena.h"

// The kernel reads 256 bytes of a script: a shorter buffer would cut names that it does not.
enum { EXEC_PATH_MAX = 256, EXEC_INTERPRETER_MAX = 256, EXEC_NAME_MAX = 128 };

// Our own executable, which must never run inside a container.
struct exec_own {
	uint64_t device;
	uint64_t inode;
};

enum exec_trouble {
	EXEC_OTHER,            // what the errno says
	EXEC_UNKNOWN,          // no such name on PATH
	EXEC_MISSING,          // no such file
	EXEC_DIRECTORY,        // a directory
	EXEC_NO_FILE,          // a device, a socket, a pipe
	EXEC_NO_BIT,           // no permission to execute for this user
	EXEC_SEARCH,           // no permission to pass a directory on the way
	EXEC_NOEXEC,           // on a mount where nothing may be executed
	EXEC_MACHINE,          // built for another machine
	EXEC_NO_INTERPRETER,   // a text without a #! line
	EXEC_LOST_INTERPRETER, // its #! line names what is not there
	EXEC_LOST_LOADER,      // its dynamic loader is not there
	EXEC_UNREADABLE,       // it may be executed but not read, so what it leads to is unknown
	EXEC_LONG_LOADER,      // it names a loader in more bytes than are looked at
	EXEC_RUNTIME,          // it leads to the program that runs tare, or out of the container
	EXEC_HOOK,             // it was a hook, and it failed
	EXEC_TROUBLE_COUNT,
};

struct exec_why {
	int32_t error;             // negative errno; 0: nothing failed
	uint8_t trouble;           // enum exec_trouble
	bool returned;             // the interpreter's name ends in a carriage return
	uint16_t machine;          // EXEC_MACHINE: e_machine of the ELF header
	uint8_t bits;              // 32 or 64
	uint32_t mode;             // of the file
	uint32_t uid;              // its owner
	uint32_t gid;              // and group
	uint32_t as_uid;           // who we were
	int32_t status;            // EXEC_HOOK: its wait status; 0: it did not end by itself
	char path[EXEC_PATH_MAX];  // what was tried, cut where it is longer
	char whose[EXEC_NAME_MAX]; // path is the interpreter or loader of this; EXEC_HOOK: its
				   // kind; else empty
	char interpreter[EXEC_INTERPRETER_MAX]; // of a script, or the loader; of OP_USER: what
						// names there are; EXEC_HOOK: what it
						// said last
	char other[EXEC_NAME_MAX]; // EXEC_UNKNOWN: the nearest name; EXEC_MISSING, EXEC_SEARCH: the
				   // directory that is missing or denied
};

// HOST: reads which file that is; all zero where it can't be told.
void exec_own(struct exec_own *ret_own);

// The program of --init, to be executed in front of the workload.
struct exec_reaper {
	int program; // descriptor of it; -1: none is wanted
	int report;  // gets the errno when it can't become the workload; -1: standard error does
	int end;     // gets the wait status of a workload that a signal ended; -1: nobody does
};

// INIT: finds args[0] (on env's PATH when it has no slash), makes sure that it leads into the
// container and nowhere else, calls before(context) with ret_why->path set, and becomes it; with a
// reaper, that is executed with the path found and the arguments. Returns only on failure, a
// negative errno, with *ret_why filled. With a reaper before() finds in *ret_why what an ENOEXEC
// would mean.
int exec_run(const struct exec_own *own, const char *const *args, const char *const *env,
	     const struct exec_reaper *reaper, int (*before)(void *), void *context,
	     struct exec_why *ret_why);

// INIT: the first half of that: finds the program and looks whether it could be executed.
int exec_find(const struct exec_own *own, const char *const *args, const char *const *env,
	      struct exec_why *ret_why);

// HOST: words it by fail(), with the hint and the exit status (126 or 127). Returns the errno.
int exec_why_fail(struct arena *arena, const struct exec_why *why);
