// SPDX-License-Identifier: Apache-2.0
// fuzz_reference.c - the names of images: short or in full, each reads as the same name again
#include "base/fail.h"
#include "oci/reference.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void reads_as(struct arena *arena, const char *text, const char *full)
{
	struct reference again;
	int error = reference_parse(arena, str_of(text), &again);
	assert(!error && str_eq(reference_full(arena, &again), full));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct reference ref;
	fault_clear();
	if (reference_parse(&arena, (struct str){(const char *)data, size}, &ref) == 0) {
		const char *full = reference_full(&arena, &ref);
		// It becomes part of a path and of lines that people read.
		assert(!strstr(full, "/.") && !strstr(full, "//") && full[0] != '/');
		for (const char *p = full; *p; p++)
			assert(*p > ' ' && *p < 127);
		reads_as(&arena, full, full);
		reads_as(&arena, reference_short(&arena, &ref), full);
	} else {
		assert(fault_last()->text[0]);
	}
	arena_free(&arena);
	return 0;
}
