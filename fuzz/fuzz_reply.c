// SPDX-License-Identifier: Apache-2.0
// fuzz_reply.c - what a helper program answers, which a stranger's file may have taken over
#include "base/fail.h"
#include "base/program.h"
#include "store/unpacker.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct str reply = {(const char *)data, size};
	struct unpacker_result result;
	struct layer_map_arguments arguments;
	assert(program_raise(&arena, "tare-test", reply) < 0);
	assert(fault_last()->error < 0);
	if (unpacker_read(&arena, reply, &result) == 0) {
		assert(strlen(result.diff_id) == DIGEST_TEXT);
		assert(strlen(result.blob.digest) == DIGEST_TEXT);
	}
	// The name of a directory of layers, which becomes arguments.
	if (!layer_map_arguments_of(&arena, arena_dup_n(&arena, reply.p, reply.n), &arguments))
		assert(arguments.uids && arguments.gids);
	arena_free(&arena);
	return 0;
}
