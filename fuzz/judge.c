// SPDX-License-Identifier: Apache-2.0
// judge.c - jansson behind three functions
#include "judge.h"

#include <jansson.h>

// jansson's integers end at INT64_MAX: above, it reads what it can as a real number.
struct judge_value *judge_load(const char *text, size_t n)
{
	size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL;
	json_t *value = json_loadb(text, n, flags, NULL);
	if (!value)
		value = json_loadb(text, n, flags | JSON_DECODE_INT_AS_REAL, NULL);
	return (struct judge_value *)value;
}

void judge_free(struct judge_value *value)
{
	json_decref((json_t *)value);
}

bool judge_equal(const struct judge_value *a, const struct judge_value *b)
{
	return json_equal((const json_t *)a, (const json_t *)b);
}
