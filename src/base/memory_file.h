// SPDX-License-Identifier: Apache-2.0
// memory_file.h - a file without a place on disk, which can be executed and made final
#pragma once

// Makes an empty one that may be executed; `name` shows in /proc. Returns a descriptor or a
// negative errno.
int memory_file_make(const char *name);

// Takes every way to change it from everybody, for ever. Returns 0 or a negative errno.
int memory_file_seal(int fd);

// Whether that was done; false for any other kind of file.
bool memory_file_is_sealed(int fd);
