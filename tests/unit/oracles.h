// SPDX-License-Identifier: Apache-2.0
// oracles.h - documents that others published, read by tests where they are to be had
//
// They lie in $TARE_ORACLES, else in ../shared/oracles beside the source tree, and are no part of
// it: without them these tests are skipped by name.
#pragma once

#include "base/arena.h"
#include "base/fd.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

// Calls `each` for every .json file in the folder; returns how many there were, 0 without oracles.
static inline size_t oracles_each(const char *folder,
				  void (*each)(const char *name, struct str text))
{
	struct arena arena = {0};
	const char *top = getenv("TARE_ORACLES");
	const char *path = arena_printf(&arena, "%s/%s", top ? top : TARE_ORACLES_DEFAULT, folder);
	DIR *directory = opendir(path);
	size_t n = 0;
	for (struct dirent *entry; directory && (entry = readdir(directory));) {
		size_t length = strlen(entry->d_name);
		struct str text;
		if (length < 5 || !str_eq(entry->d_name + length - 5, ".json"))
			continue;
		if (file_read(&arena, dirfd(directory), entry->d_name, 1 << 20, &text))
			continue;
		each(entry->d_name, text);
		n++;
	}
	if (directory)
		closedir(directory);
	arena_free(&arena);
	return n;
}
