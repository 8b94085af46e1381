// SPDX-License-Identifier: Apache-2.0
// life.c - a container that runs, seen by other commands: its process, its signals, its end
//
// Whoever runs a container locks its directory. Others look at it without a lock: what they read
// there is small files that appear as a whole, and the process that one of them names is taken for
// it only if its start time is the one written down.
#include "box/record/life.h"

#include "base/fail.h"
#include "base/fd.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { NAME_SIZE = 32, LOOK_EVERY_MS = 2, MILLISECOND = 1000000 };

static int open_directory(const struct box_record *record)
{
	return open(record->directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int box_record_first(struct arena *arena, const struct box_record *record,
		     struct record_process *ret_first)
{
	_cleanup_fd_ int directory = open_directory(record);
	if (directory >= 0 && record_read_link(arena, directory, BOX_RECORD_FIRST, ret_first) == 0)
		return 0;
	fault_clear();
	return BOX_RECORD_NO_FIRST;
}

static void name_of(int signal, char ret_name[static NAME_SIZE])
{
	snprintf(ret_name, NAME_SIZE, "signal-%d", signal);
}

void box_record_say_signal(const struct box_record *record, int signal)
{
	char name[NAME_SIZE];
	_cleanup_fd_ int directory = open_directory(record);
	if (directory < 0)
		return;
	name_of(signal, name);
	_cleanup_fd_ int fd unused_ =
		openat(directory, name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
}

bool box_record_was_signalled(int directory, int signal)
{
	char name[NAME_SIZE];
	name_of(signal, name);
	return directory >= 0 && faccessat(directory, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

int box_record_await_end(const struct box_record *record, int milliseconds)
{
	for (int waited = 0;; waited += LOOK_EVERY_MS) {
		_cleanup_fd_ int directory = open_directory(record);
		if (directory < 0 || flock(directory, LOCK_SH | LOCK_NB) == 0)
			return 0;
		if (waited >= milliseconds)
			return BOX_RECORD_RUNNING;
		nanosleep(&(struct timespec){0, LOOK_EVERY_MS * MILLISECOND}, NULL);
	}
}
