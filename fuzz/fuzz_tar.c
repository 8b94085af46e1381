// SPDX-License-Identifier: Apache-2.0
// fuzz_tar.c - the reader of tar archives
#include "flow/tar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct tar tar = tar_open(&arena, (struct str){(const char *)data, size});
	struct tar_entry entry;
	while (tar_next(&tar, &entry) == 0) {
		assert(entry.path[0] && entry.path[0] != '/' && !strstr(entry.path, "//"));
		assert(!str_starts(entry.path, "../") && !strstr(entry.path, "/../"));
		assert(!entry.content.n ||
		       (entry.content.p >= (const char *)data &&
			entry.content.p + entry.content.n <= (const char *)data + size));
		assert((entry.kind == TAR_SYMLINK || entry.kind == TAR_HARDLINK) == !!entry.link);
	}
	arena_free(&arena);
	return 0;
}
