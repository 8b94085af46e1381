// SPDX-License-Identifier: Apache-2.0
// judge.h - JSON as other people read it
//
// jansson and json-c give different functions the same names, so jansson is behind these three and
// the rest of it is hidden when the program is linked (meson.build).
#pragma once

struct judge_value;

// jansson's value of the text, NULL if it refuses it at its strictest: no duplicate keys, no NUL
// in a key. judge_free gives it back and takes NULL.
struct judge_value *judge_load(const char *text, size_t n);
void judge_free(struct judge_value *value);

bool judge_equal(const struct judge_value *a, const struct judge_value *b);
