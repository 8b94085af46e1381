// SPDX-License-Identifier: Apache-2.0
// program.h - tare's helper programs: found, started with what they are given, heard to their end
//
// What needs a library, or reads what strangers wrote, is a small program of its own under libexec.
// It gets descriptors, not paths, and answers by one short text on its standard output:
//
//	exit 0       the text is the result, in a form the two agree on
//	otherwise    "fault ERRNO CODE", then the error's line, then its hint or nothing
//
// Both sides of that are here. The caller raises a helper's fault as if it were his own.
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum {
	PROGRAM_REPLY_MAX = 64 << 10, // bytes of an answer
	PROGRAM_FD_FIRST = 3,         // the number of the first descriptor that is passed on
	PROGRAM_FDS_MAX = 160,        // how many can be
};

struct program {
	const char *name;               // the file's name: "tare-unpack"
	const char *const *arguments;   // what follows it, up to NULL; NULL: nothing
	const char *const *environment; // "NAME=value" up to NULL; NULL: an empty environment
	const int *fds;                 // fds[i] is 3 + i in the program; -1: that one is closed
	size_t fds_n;                   // at most PROGRAM_FDS_MAX
};

struct program_child {
	const char *name; // for errors
	pid_t pid;        // 0: there is none, or it has been waited for
	int reply;        // where its answer comes from; -1 when pid is 0
};

#define PROGRAM_NONE      ((struct program_child){.reply = -1})
#define _cleanup_program_ _cleanup_(program_stop)

// Tells where the program is: libexec/NAME beside our own executable, as in a build tree, else
// ../libexec/tare/NAME seen from there, as it is installed. Neither PATH nor the environment is
// asked. A file or directory that others than root, the caller and the owner of our executable
// could have written is refused.
int program_find(struct arena *arena, const char *name, const char **ret_path);

// Starts it. Its standard input is empty, its standard error ours, its descriptors are those given
// and no other. It is killed when we die.
int program_start(struct arena *arena, const struct program *program,
		  struct program_child *ret_child);

// Reads the answer to its end and waits for the program. Returns 0, or the error it had: what it
// told, or that it died and of which signal.
int program_finish(struct arena *arena, struct program_child *child, struct str *ret_reply);

// Raises the fault that the answer of a failed program tells, or that it tells none. Returns the
// error. A part of program_finish: the text is from a program that a stranger's file may have taken
// over.
int program_raise(struct arena *arena, const char *name, struct str reply);

// Start and finish in one.
int program_run(struct arena *arena, const struct program *program, struct str *ret_reply);

// Kills it and waits for its end: for one that is not wanted any more.
void program_stop(struct program_child *child);

// The value of the line "KEY VALUE" of an answer. Returns 0, or -EBADMSG, worded.
int program_value(struct str reply, const char *key, struct str *ret_value);
int program_number(struct str reply, const char *key, uint64_t max, uint64_t *ret_number);

// For the helper's own end: writes the answer, or the fault recorded last, and returns the status
// to exit with.
int program_answer(struct str text);
int program_answer_fault(void);
