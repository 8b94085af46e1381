// SPDX-License-Identifier: Apache-2.0
// str.h - a slice of text (pointer and length), to parse with
//
// A str points into memory that somebody else owns and need not end in NUL. The functions below
// never look past its length.
#pragma once

struct str {
	const char *p; // first byte, or NULL for "nothing there"
	size_t n;      // bytes
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})

static inline struct str str_of(const char *text)
{
	return (struct str){text, text ? strlen(text) : 0};
}

static inline bool str_is(struct str s, const char *text)
{
	return s.n == strlen(text) && memcmp(s.p, text, s.n) == 0;
}

// Whether it is one of the words, a list that ends in NULL.
bool str_is_one_of(struct str s, const char *const *words);

// Cuts the text before the first `separator` off *rest and returns it; *rest is what follows the
// separator. Without one, all of it is returned and *rest is {NULL, 0}.
struct str str_cut(struct str *rest, char separator);

// The next line of *rest without its newline; p is NULL when there is none left.
struct str str_line(struct str *rest);

// The next run of bytes that are no blanks (space, tab); p is NULL when there is none left.
struct str str_word(struct str *rest);

// Reads a whole unsigned decimal number: digits only, no sign, no blanks, no leading zero unless
// it is zero itself. Returns 0, -EINVAL for anything else, -ERANGE above `max`.
int str_number(struct str s, uint64_t max, uint64_t *ret_number);

// The value of a lowercase hexadecimal digit; -1: it is none.
int str_hex_digit(char c);

// Reads 1 to 16 lowercase hexadecimal digits and nothing else. Returns 0 or -EINVAL.
int str_hex(struct str s, uint64_t *ret_number);

// Writes a number as decimal digits.
enum { STR_DECIMAL_MAX = 24 };
void str_decimal(uint64_t number, char ret_text[static STR_DECIMAL_MAX]);

// How many single-character edits (insert, delete, replace, swap) part a from b: used to propose
// the nearest name for a misspelt one. Texts over 64 bytes are "far" (SIZE_MAX).
size_t str_distance(const char *a, const char *b);
