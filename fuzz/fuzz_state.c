// SPDX-License-Identifier: Apache-2.0
// fuzz_state.c - what runtimes tell: what was read and printed reads and prints the same
//
// The first byte chooses the document.
#include "base/fail.h"
#include "oci/features.h"
#include "oci/process.h"
#include "oci/resources.h"
#include "oci/state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int again(struct arena *arena, char which, struct str text, struct buf *out)
{
	struct oci_state state;
	struct oci_process_state process_state;
	struct oci_features features;
	struct oci_process process;
	struct oci_resources resources;
	struct oci_strings unknown;
	switch (which) {
	case 's':
		TRY(oci_state_parse(arena, text, &state));
		oci_state_print(out, JSON_INDENTED, &state);
		return 0;
	case 'a':
		TRY(oci_process_state_parse(arena, text, &process_state));
		oci_process_state_print(out, &process_state);
		return 0;
	case 'f':
		TRY(oci_features_parse(arena, text, &features));
		oci_features_print(out, &features);
		return 0;
	case 'p':
		return oci_process_parse(arena, text, &process, &unknown);
	default:
		return oci_resources_parse(arena, text, &resources, &unknown);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	fault_clear();
	if (!size)
		return 0;
	char which = (char)*data;
	struct buf first = buf_new(&arena, 64 << 20), second = buf_new(&arena, 64 << 20);
	int error = again(&arena, which, (struct str){(const char *)data + 1, size - 1}, &first);
	assert(!error || fault_last()->text[0]);
	if (!error && first.n) {
		error = again(&arena, which, buf_str(&first), &second);
		assert(!error);
		assert(first.n == second.n && !memcmp(first.p, second.p, first.n));
	}
	arena_free(&arena);
	return 0;
}
