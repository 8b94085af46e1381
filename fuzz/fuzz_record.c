// SPDX-License-Identifier: Apache-2.0
// fuzz_record.c - what tare writes down of a container, read again, and shown by inspect
#include "base/fail.h"
#include "base/json.h"
#include "engine/containers/container_inspect.h"

#define KEY "0123456789abcdef0123456789abcdef"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void show(struct arena *arena, const struct box_record *record)
{
	_cleanup_json_ struct json json = {0};
	struct buf out = buf_new(arena, 64 << 20);
	struct json_writer writer = json_writer_new(&out, JSON_INDENTED);
	container_inspect(arena, record, &writer);
	int error = json_parse("inspect", buf_str(&out), &json);
	assert(!error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct box_record record;
	fault_clear();
	int error = box_record_parse(&arena, (struct str){(const char *)data, size}, KEY, &record);
	assert(!error || fault_last()->text[0]);
	if (!error)
		show(&arena, &record);
	arena_free(&arena);
	return 0;
}
