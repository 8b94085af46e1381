// SPDX-License-Identifier: Apache-2.0
// fuzz_task.c - the readers of /proc/PID
#include "kern/process/task.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct str text = {(const char *)data, size};
	struct task_status status;
	struct id_map map[TASK_MAP_LINES];
	struct task_limit limits[TASK_LIMITS];
	size_t n;
	uint32_t inside;
	if (task_status_read(&arena, text, &status) == 0)
		assert(status.name && status.pid_n && status.pid_n <= TASK_LEVELS_MAX);
	task_map_read(text, map, &n);
	assert(n <= TASK_MAP_LINES);
	for (size_t i = 0; i < n; i++)
		assert(task_map_inside(map, n, map[i].outside, &inside));
	task_limits_read(&arena, text, limits, &n);
	for (size_t i = 0; i < n; i++)
		assert(limits[i].name && limits[i].soft && limits[i].hard && limits[i].unit);
	arena_free(&arena);
	return 0;
}
