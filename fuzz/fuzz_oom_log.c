// SPDX-License-Identifier: Apache-2.0
// fuzz_oom_log.c - the reader of the kernel's log
#include "kern/cgroup/oom_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct oom_kills kills;
	oom_log_find(&arena, (struct str){(const char *)data, size}, "tare-0", &kills);
	assert(kills.n <= OOM_LOG_KILLS_MAX);
	for (size_t i = 0; i < kills.n; i++)
		assert(kills.kill[i].name);
	arena_free(&arena);
	return 0;
}
