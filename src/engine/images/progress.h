// SPDX-License-Identifier: Apache-2.0
// progress.h - how far a file has been read, shown on a terminal
#pragma once

#include <sys/types.h>

struct progress {
	pid_t pid; // of the process that shows it; 0: nothing is shown
};

#define PROGRESS_NONE      ((struct progress){0})
#define _cleanup_progress_ _cleanup_(progress_stop)

// Shows how much of the file has been read by whoever shares this descriptor's place in it, until
// progress_stop. Nothing is shown where standard error is no terminal.
void progress_start(struct progress *progress, int fd, const char *what);
void progress_stop(struct progress *progress);
