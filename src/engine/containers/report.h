// SPDX-License-Identifier: Apache-2.0
// report.h - --report FILE: how a run ended, as a document
//
// Every end leaves one: of the program, and of a start that failed. Its keys are always the same,
// those that are not known are null; `man tare-run` lists them.
#pragma once

#include "base/buf.h"
#include "base/fail.h"
#include "box/spec.h"
#include "box/monitor/verdict.h"

#include <time.h>

struct report {
	const struct box_spec
		*spec;           // what was to run; its id may be NULL in a run that failed early
	int exit_code;           // of tare
	struct timespec started; // CLOCK_REALTIME; 0: it never ran
	struct timespec ended;   // likewise; also of a failure
	const struct verdict *verdict; // NULL: it never ran
	const char *words;             // the line on standard error; NULL: none
	const struct fault *fault;     // why tare failed; NULL: it did not
	size_t step;                   // of the plan, which failed, from 1; 0: none
	size_t steps;                  // how many it has
};

// Before anything is made: whether the file can be written, as far as that can be told.
int report_check(const char *path);

// Writes it: a regular file is replaced as a whole, anything else (a pipe, /dev/stderr) gets the
// text. Words its errors.
int report_write(struct arena *arena, const char *path, const struct report *report);

// The document, with a newline.
void report_json(struct buf *out, const struct report *report);
