// SPDX-License-Identifier: Apache-2.0
// stop.h - ending containers that run: asking by a signal, waiting, killing
#pragma once

#include "box/record/record.h"

// One that is being stopped.
struct stop {
	const char *given;               // what the user calls it
	const struct box_record *record; // which it is
	int pidfd;                       // of its first process; -1: it does not run any more
	int64_t pid;                     // the number of that
	int signal;                      // that was sent
	int64_t seconds;                 // it has to end; -1: for ever
	int64_t deadline;                // CLOCK_MONOTONIC in milliseconds; INT64_MAX: none
	const char *note;                // what is to be told of how it ended; NULL: nothing
};

// Sends the signal to the first process of the container, which is checked by its pid, start time
// and boot before. Returns 0, STOP_GONE if there is no process any more, or an error. A container
// that is only starting is waited for.
enum { STOP_GONE = 1 };
int stop_signal(struct arena *arena, const struct box_record *record, const char *given,
		int signal);

// Begins to stop it: sends `signal`, or if that is 0 the container's own. `seconds` is how long it
// may take; STOP_OWN_TIME: as the container says. That it does not run is no error.
enum { STOP_OWN_TIME = -2 };
int stop_begin(struct arena *arena, const struct box_record *record, const char *given, int signal,
	       int64_t seconds, struct stop *ret_stop);

// Waits for its end, kills it at the deadline, and waits until all is written down.
int stop_finish(struct arena *arena, struct stop *stop);
