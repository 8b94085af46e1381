// SPDX-License-Identifier: Apache-2.0
// fuzz_mounts.c - the values of options that mount, and of those about devices
//
// The first byte picks the parser, the rest is what it reads. Whatever one takes must be within its
// promises: they are asserted here.
#include "base/fail.h"
#include "base/path.h"
#include "engine/mounts/device.h"
#include "engine/mounts/mount_option.h"
#include "engine/mounts/tmpfs.h"
#include "engine/mounts/volume.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_maps(const struct oci_id_map *maps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert(maps[i].size && maps[i].container_id <= UINT32_MAX - maps[i].size &&
		       maps[i].host_id <= UINT32_MAX - maps[i].size);
}

static void check_mount(const struct oci_mount *mount)
{
	assert(mount->destination[0] == '/' && mount->destination[1]);
	assert(!strstr(mount->destination, "/../") && strlen(mount->destination) < PATH_LENGTH_MAX);
	assert(!str_starts(mount->destination, "/proc/") && !str_eq(mount->destination, "/proc"));
	assert(mount->type && mount->source && mount->options.n);
	for (size_t i = 0; i < mount->options.n; i++)
		assert(mount->options.item[i][0] && !strchr(mount->options.item[i], ','));
	check_maps(mount->uid_mappings, mount->uid_mappings_n);
	check_maps(mount->gid_mappings, mount->gid_mappings_n);
}

static void check_access(const char *access)
{
	assert(access[0] && strlen(access) <= 3 && strspn(access, "rwm") == strlen(access));
}

static int parse_device(struct arena *arena, const char *text)
{
	struct device_words words;
	TRY(device_words_parse(arena, text, &words));
	assert(words.host[0] == '/' && words.container[0] == '/' && words.container[1]);
	assert(!strstr(words.container, "/../") && !str_starts(words.container, "/proc/"));
	check_access(words.access);
	return 0;
}

static int parse_rule(struct arena *arena, const char *text)
{
	struct oci_device_rule rule;
	TRY(device_rule_parse(arena, text, &rule));
	assert(rule.allow && strlen(rule.type) == 1 && rule.major >= -1 && rule.minor >= -1);
	check_access(rule.access);
	return 0;
}

static int parse(struct arena *arena, unsigned which, const char *text)
{
	struct oci_mount mount = {0};
	bool make;
	if (which >= 3)
		return which == 3 ? parse_device(arena, text) : parse_rule(arena, text);
	int error = which == 0   ? volume_parse(arena, "/home/u", text, &mount)
		    : which == 1 ? mount_option_parse(arena, "/home/u", text, &mount, &make)
				 : tmpfs_parse(arena, text, &mount);
	if (!error)
		check_mount(&mount);
	return error;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	struct arena arena = {0};
	const char *text = arena_dup_n(&arena, (const char *)data + 1, size - 1);
	fault_clear();
	int error = parse(&arena, data[0] % 5, text);
	assert(!error || fault_last()->text[0]);
	arena_free(&arena);
	return 0;
}
