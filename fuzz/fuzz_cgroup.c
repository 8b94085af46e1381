// SPDX-License-Identifier: Apache-2.0
// fuzz_cgroup.c - the readers of /proc/self/cgroup and /etc/subuid
#include "kern/cgroup/file.h"
#include "kern/namespaces/idmap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = {(const char *)data, size};
	struct cgroup_line line;
	for (int got; (got = cgroup_file_next(&rest, &line)) != CGROUP_FILE_END;)
		assert(got < 0 || line.path.p[0] == '/');
	struct facts_id_range range =
		idmap_range((struct str){(const char *)data, size}, "app", 1000);
	assert(range.first <= UINT32_MAX - range.count);
	return 0;
}
