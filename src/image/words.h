// SPDX-License-Identifier: Apache-2.0
// words.h - the words of a Dockerfile's line: quotes, backslashes, variables
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "oci/lists.h"

enum { WORDS_MAX = 4096 }; // of a line

// Splits the text at blanks that are not quoted. Quotes and backslashes are taken away and
// variables of `env` ("NAME=value") are put in, as a Dockerfile's ENV has it: nothing inside of
// single quotes, variables inside of double ones. `what` is the noun of errors. Returns 0 or
// -EINVAL, worded.
int words_split(struct arena *arena, const char *what, struct str text,
		const struct oci_strings *env, struct oci_strings *ret_words);

// The same without splitting: one word with its blanks.
int words_whole(struct arena *arena, const char *what, struct str text,
		const struct oci_strings *env, const char **ret_word);

// Splits a list of NAME=VALUE, where a quoted blank is no end and "=" parts at its first place;
// or, where the first word has no "=", one name and the rest of the line. Pairs come as two words.
int words_pairs(struct arena *arena, const char *what, struct str text,
		const struct oci_strings *env, struct oci_strings *ret_words);
