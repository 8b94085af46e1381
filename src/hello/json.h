// SPDX-License-Identifier: Apache-2.0
// json.h - JSON to standard output, a piece at a time
//
// The caller opens and closes what it nests; commas and escapes come by themselves. A key is NULL
// for an item of a list.
#pragma once

void json_open(const char *key, char bracket);     // '{' or '['
void json_close(char bracket);                     // '}' or ']'; after the outermost a newline
void json_text(const char *key, const char *text); // NULL is written as null
void json_number(const char *key, long long number);
void json_bool(const char *key, bool value);

// A list of the words of a text, parted by any of the characters in `separators`.
void json_words(const char *key, const char *text, const char *separators);
