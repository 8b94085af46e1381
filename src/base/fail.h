// SPDX-License-Identifier: Apache-2.0
// fail.h - how an error is raised, carried and worded
//
// Every function that can fail returns an int: 0 is done; below 0 is an error (a negative errno)
// that the caller passes on unchanged, TRY does that; above 0 is a named condition of that module,
// which the direct caller must handle.
//
// Whoever finds the error words it once, with its noun:
//
//	return fail(-EINVAL, "manifest %s: no layers", ref);
//	return fail_sys(-errno, "open '%s'", path);        // adds ": No such file or directory"
//
// and may add what to do about it with fail_hint. Only cmd/ prints the record and picks the exit
// code. Code that runs in a container's first process before exec must not call these: there the
// parent words the error (see box/steps/walk.h).
#pragma once

struct fault {
	int error;       // negative errno of the first failure, 0: none
	int exit_code;   // exit status that a command should end with; 0: the usual one (125)
	char text[1024]; // one line, lower case, the noun quoted, the cause last
	char hint[1024]; // what to do next, or empty
};

// Both record the words and return `error`, so that they can stand in a return statement.
int fail(int error, const char *format, ...) printf_(2, 3);
int fail_sys(int error, const char *format, ...) printf_(2, 3);

// Puts a noun that only the caller knows before the words of the fault just recorded: "NOUN:
// words". Returns the fault's error; its hint and exit status stay.
int fail_about(const char *format, ...) printf_(1, 2);

// Adds the hint to the fault just recorded, replacing one that was there.
void fail_hint(const char *format, ...) printf_(1, 2);

// Sets the exit status that the fault asks for (126, 127).
void fail_exit_code(int code);

// The fault recorded last; its error is 0 when there was none.
const struct fault *fault_last(void);

// Puts a record back that a clean-up after the error may have replaced.
void fault_restore(const struct fault *fault);

// Forgets it: for a caller that handled the error.
void fault_clear(void);
