// SPDX-License-Identifier: Apache-2.0
// fuzz_mountinfo.c - the reader of /proc/self/mountinfo
#include "kern/mounts/mountinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct str rest = {(const char *)data, size};
	struct mountinfo mount;
	for (int got; (got = mountinfo_next(&arena, &rest, &mount)) != MOUNTINFO_END;) {
		if (got < 0)
			continue;
		assert(mount.root[0] && mount.target[0] && mount.type[0]);
		mountinfo_has(mount.super_options, "memory");
		mountinfo_has(mount.options, mount.source);
	}
	arena_free(&arena);
	return 0;
}
