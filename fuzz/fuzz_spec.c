// SPDX-License-Identifier: Apache-2.0
// fuzz_spec.c - config.json: what was read and printed reads and prints the same
#include "base/fail.h"
#include "oci/spec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct oci_spec spec, again;
	fault_clear();
	int error = oci_spec_parse(&arena, (struct str){(const char *)data, size}, &spec);
	assert(!error || fault_last()->text[0]);
	if (!error) {
		fault_clear();
		assert(!oci_spec_check(&spec) || fault_last()->text[0]);
		struct buf first = buf_new(&arena, 64 << 20), second = buf_new(&arena, 64 << 20);
		oci_spec_print(&first, &spec);
		error = oci_spec_parse(&arena, buf_str(&first), &again);
		assert(!error && !again.unknown.n);
		oci_spec_print(&second, &again);
		assert(first.n == second.n && !memcmp(first.p, second.p, first.n));
	}
	arena_free(&arena);
	return 0;
}
