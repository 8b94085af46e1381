// SPDX-License-Identifier: Apache-2.0
// fuzz_json.c - the gate and json-c behind it, held against jansson
//
// What jansson refuses at its strictest, the gate refuses. What the gate refuses beyond that is
// depth, size, NUL behind a value, and whole numbers that 64 bits can't hold. What it lets pass
// json-c reads, and prints as the same value.
#include "base/fail.h"
#include "base/json.h"
#include "base/json_gate.h"

#include "judge.h"

#include <json-c/json.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_reprint(const struct judge_value *value, struct str text)
{
	struct json json = {0};
	size_t n = 0;
	int error = json_parse("t", text, &json);
	assert(!error);
	const char *again =
		json_object_to_json_string_length(json.root, JSON_C_TO_STRING_PLAIN, &n);
	struct judge_value *reprinted = judge_load(again, n);
	assert(reprinted && judge_equal(value, reprinted));
	judge_free(reprinted);
	json_free(&json);
}

// The reasons to refuse what jansson takes. It ends a text at NUL.
static bool is_ours_alone(struct str text)
{
	const char *reason = fault_last()->text;
	return strstr(reason, "out of range") || strstr(reason, "too many brackets") ||
	       strstr(reason, "more than") || memchr(text.p, '\0', text.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct judge_value *value = judge_load(text.p, text.n);
	int error = json_gate("t", text);
	assert(error || value);
	if (!error)
		check_reprint(value, text);
	else if (value)
		assert(is_ours_alone(text));
	judge_free(value);
	return 0;
}
