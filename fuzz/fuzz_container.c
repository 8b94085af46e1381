// SPDX-License-Identifier: Apache-2.0
// fuzz_container.c - what tare-oci writes down of a container, read again
#include "base/fail.h"
#include "runtime/container.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct container container = CONTAINER_NONE;
	fault_clear();
	int error =
		container_parse(&arena, (struct str){(const char *)data, size}, "web", &container);
	assert(!error || fault_last()->text[0]);
	assert(error || (str_eq(container.id, "web") && container.bundle && container.rootfs));
	arena_free(&arena);
	return 0;
}
