// SPDX-License-Identifier: Apache-2.0
// fuzz_limits.c - values of --device-…-bps, --cgroup-conf, --cgroup-parent and --cpuset-cpus
#include "base/fail.h"
#include "engine/limits/blkio.h"
#include "engine/limits/cgroup_conf.h"
#include "engine/limits/cpuset.h"
#include "kern/cgroup/cgroup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void rates(struct arena *arena, const char *text)
{
	const char *path;
	uint64_t rate;
	for (int kind = BLKIO_BYTES; kind <= BLKIO_WEIGHT; kind++)
		if (!blkio_value(arena, "--x", (enum blkio_kind)kind, text, &path, &rate))
			assert(str_starts(path, "/dev/") && (kind != BLKIO_WEIGHT || rate <= 1000));
}

// A key that passes the check is a file's name, and its value one line.
static void keys(struct arena *arena, const char *text)
{
	static const struct facts facts = {
		.cgroup2 = "/sys/fs/cgroup",
		.controller = {[CONTROLLER_MEMORY] = {CGROUP_V2, "/sys/fs/cgroup", "/", true}},
	};
	struct oci_resources resources = {0};
	const struct oci_strings one = {&text, 1};
	if (cgroup_conf_parse(arena, &one, &resources))
		return;
	struct cgroup_key key = {resources.unified[0].name, resources.unified[0].value};
	struct cgroup_limits limits = cgroup_no_limits;
	limits.keys = &key;
	limits.keys_n = 1;
	if (!cgroup_check(&limits, &facts))
		assert(!strchr(key.name, '/') && key.name[0] != '.' && !strchr(key.value, '\n'));
}

static void parents(struct arena *arena, const char *text)
{
	const char *path;
	if (cgroup_parent_parse(arena, text, &path))
		return;
	assert(*path && *path != '/' && *path != '.' && !strstr(path, "/.") && !strchr(path, ' '));
	assert(path[strlen(path) - 1] != '/' && !strstr(path, "//"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct cpuset set;
	const char *text = arena_dup_n(&arena, (const char *)data, size);
	rates(&arena, text);
	keys(&arena, text);
	parents(&arena, text);
	cpuset_read(str_of(text), &set);
	fault_clear();
	arena_free(&arena);
	return 0;
}
