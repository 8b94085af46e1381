// SPDX-License-Identifier: Apache-2.0
// own_program.h - our own executable: where it lies, and out of the reach of others
#pragma once

#include <limits.h>

// Its path, also when it runs from a copy. Returns the length, or a negative errno.
ssize_t own_program_path(char path[static PATH_MAX]);

// Makes sure that nobody who gets hold of our executable through /proc/PID/exe can change the file:
// where the caller, or whoever has his rights, could, it is executed again with these arguments,
// from a read-only view or a sealed copy, and this does not return. Called before anything was
// done. Returns 0 where it is out of reach, or an error of fail.h.
int own_program_protect(char **argv);
