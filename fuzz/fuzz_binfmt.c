// SPDX-License-Identifier: Apache-2.0
// fuzz_binfmt.c - the reader of binfmt_misc's handlers
#include "kern/facts/binfmt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const architectures[] = {"arm64", "s390x", "386", "none"};
	struct arena arena = {0};
	const char *interpreter;
	bool fixed;
	for (size_t i = 0; i < lengthof(architectures); i++)
		if (binfmt_takes(&arena, (struct str){(const char *)data, size}, architectures[i],
				 &interpreter, &fixed) == 0)
			assert(interpreter);
	arena_free(&arena);
	return 0;
}
