// SPDX-License-Identifier: Apache-2.0
// fuzz_unpack_record.c - the reader of what an unpacker asks for
#include "store/unpack_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct str rest = {(const char *)data, size};
	struct unpack_record record;
	char again[UNPACK_RECORD_MAX];
	size_t used;
	while (unpack_record_read(&arena, rest, &record, &used) == 0) {
		// There is one way only to write what was read.
		assert(unpack_record_write(&record, again) == used);
		assert(!memcmp(again, rest.p, used));
		rest = (struct str){rest.p + used, rest.n - used};
	}
	arena_free(&arena);
	return 0;
}
