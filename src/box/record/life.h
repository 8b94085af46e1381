// SPDX-License-Identifier: Apache-2.0
// life.h - a container that runs, seen by other commands: its process, its signals, its end
#pragma once

#include "box/record/record.h"

// The file in a container's directory that names its first process.
#define BOX_RECORD_FIRST "first"

// Reads which process is the container's first. Returns 0, or BOX_RECORD_NO_FIRST: it is only
// starting, or it is gone.
enum { BOX_RECORD_NO_FIRST = 1 };
int box_record_first(struct arena *arena, const struct box_record *record,
		     struct record_process *ret_first);

// Writes down that a command of the user's sends this signal, so that whoever runs the container
// does not wonder who did. Best effort.
void box_record_say_signal(const struct box_record *record, int signal);

// Whether one was said for that signal, by the container's locked directory.
bool box_record_was_signalled(int directory, int signal);

// Waits until nobody runs the container any more: its end is written down, or with --rm all of it
// is gone. Returns 0 or BOX_RECORD_RUNNING after that many milliseconds.
int box_record_await_end(const struct box_record *record, int milliseconds);
