// SPDX-License-Identifier: Apache-2.0
// fd.h - file descriptors that close themselves
//
// A variable holds a descriptor or -1. Every descriptor is close-on-exec from birth. A function
// that hands one to its caller returns it through take_fd, which leaves -1 behind.
#pragma once

#include "base/arena.h"
#include "base/str.h"

#define _cleanup_fd_ _cleanup_(fd_close)

void fd_close(int *fd);

static inline int take_fd(int *fd)
{
	int taken = *fd;
	*fd = -1;
	return taken;
}

// Reads to the end of the file. Returns 0, -EFBIG when more than `max` bytes are there, or what
// read(2) said. The text is followed by a NUL.
int fd_read_all(struct arena *arena, int fd, size_t max, struct str *ret_text);

// The same for a file by name, which is opened relative to `at` (AT_FDCWD: the working directory).
int file_read(struct arena *arena, int at, const char *name, size_t max, struct str *ret_text);

// The same for files of /proc and /sys, with one read(2) where there are less than 4 KiB: the
// kernel fills the buffer as far as there is text.
int file_read_small(struct arena *arena, const char *path, size_t max, struct str *ret_text);

// Writes all of it, going on after short writes and interruptions.
int fd_write_all(int fd, const char *bytes, size_t n);

// Opens `name` for writing, writes the bytes in one write(2) as kernel files want it, closes.
// Returns 0 or a negative errno; a short write is -EIO.
int file_put(int at, const char *name, const char *bytes, size_t n);
