// SPDX-License-Identifier: Apache-2.0
// fuzz_namespaces.c - the values of the options on namespaces
//
// The first byte picks the parser, the rest is what it reads.
#include "base/arena.h"
#include "base/fail.h"
#include "engine/namespace_choice.h"
#include "engine/time_offset.h"

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

static int parse(unsigned which, const char *text)
{
	switch (which) {
	case 1:
		return parse_offset(text);
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
	int error = parse(data[0] % 8, text);
	assert(!error || fault_last()->text[0]);
	arena_free(&arena);
	return 0;
}
