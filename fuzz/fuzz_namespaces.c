// SPDX-License-Identifier: Apache-2.0
// fuzz_namespaces.c - the values of the options on namespaces
//
// The first byte picks the parser, the rest is what it reads.
#include "base/arena.h"
#include "base/fail.h"
#include "engine/ids/idmap_option.h"
#include "oci/lists.h"
#include "engine/namespaces/namespace_choice.h"
#include "engine/namespaces/time_offset.h"
#include "engine/ids/userns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int parse_choice(const char *text)
{
	struct namespace_choice choice = {0};
	int error = namespace_choice_parse("--ipc", text, ~0u, &choice);
	assert(error || !choice.target == (choice.mode < NAMESPACE_PATH));
	assert(error || !choice.target || *choice.target);
	return error;
}

static int parse_offset(const char *text)
{
	struct oci_time_offsets offsets = {0};
	int error = time_offset_parse(text, &offsets);
	assert(error || (offsets.monotonic.secs <= 4611686018 && !offsets.monotonic.nanosecs));
	return error;
}

// A map of several parts, with blanks between.
static int parse_maps(struct arena *arena, const char *text, bool root)
{
	static struct oci_id_map own_item[] = {{0, 1000, 1}, {1, 100000, 65536}};
	static const struct idmap own = {own_item, lengthof(own_item)};
	struct oci_strings texts = {0};
	struct str rest = str_of(text), word;
	struct idmap map;
	while ((word = str_word(&rest)).p)
		oci_strings_push(arena, &texts, arena_dup_n(arena, word.p, word.n));
	int error = idmap_of_options(arena, "--uidmap", &texts, root ? NULL : &own, true, &map);
	for (size_t i = 0; !error && i < map.n; i++) {
		uint64_t end = (uint64_t)map.item[i].host_id + map.item[i].size;
		assert(map.item[i].size && end <= UINT32_MAX);
		assert(root || end == 1001 || (end > 100000 && end <= 165536));
	}
	return error;
}

static int parse_userns(struct arena *arena, const char *text)
{
	const struct run_opts opts = {.userns = text};
	struct userns userns;
	int error = userns_parse(arena, &opts, false, &userns);
	assert(error || (userns.uid < UINT32_MAX && userns.gid < UINT32_MAX));
	return error;
}

static int parse(struct arena *arena, unsigned which, const char *text)
{
	switch (which) {
	case 1:
		return parse_offset(text);
	case 2:
	case 3:
		return parse_maps(arena, text, which == 2);
	case 4:
		return parse_userns(arena, text);
	default:
		return parse_choice(text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	struct arena arena = {0};
	const char *text = arena_dup_n(&arena, (const char *)data + 1, size - 1);
	fault_clear();
	int error = parse(&arena, data[0] % 8, text);
	assert(!error || fault_last()->text[0]);
	arena_free(&arena);
	return 0;
}
