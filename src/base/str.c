// SPDX-License-Identifier: Apache-2.0
// str.c - cutting, reading and comparing slices of text
#include "base/str.h"

bool str_is_one_of(struct str s, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (str_is(s, words[i]))
			return true;
	return false;
}

struct str str_cut(struct str *rest, char separator)
{
	struct str head = *rest;
	const char *at = rest->n ? memchr(rest->p, separator, rest->n) : NULL;
	if (!at) {
		*rest = (struct str){0};
		return head;
	}
	head.n = (size_t)(at - head.p);
	*rest = (struct str){at + 1, rest->n - head.n - 1};
	return head;
}

struct str str_line(struct str *rest)
{
	if (!rest->n)
		return (struct str){0};
	return str_cut(rest, '\n');
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct str str_word(struct str *rest)
{
	while (rest->n && is_blank(rest->p[0])) {
		rest->p++;
		rest->n--;
	}
	struct str word = {rest->p, 0};
	while (rest->n && !is_blank(rest->p[0])) {
		rest->p++;
		rest->n--;
		word.n++;
	}
	return word.n ? word : (struct str){0};
}

int str_number(struct str s, uint64_t max, uint64_t *ret_number)
{
	uint64_t number = 0;
	if (!s.n || (s.n > 1 && s.p[0] == '0'))
		return -EINVAL;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -EINVAL;
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, (uint64_t)(s.p[i] - '0'), &number))
			return -ERANGE;
	}
	if (number > max)
		return -ERANGE;
	*ret_number = number;
	return 0;
}

int str_hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int str_hex(struct str s, uint64_t *ret_number)
{
	uint64_t number = 0;
	if (!s.n || s.n > 2 * sizeof(number))
		return -EINVAL;
	for (size_t i = 0; i < s.n; i++) {
		int digit = str_hex_digit(s.p[i]);
		if (digit < 0)
			return -EINVAL;
		number = number << 4 | (uint64_t)digit;
	}
	*ret_number = number;
	return 0;
}

void str_decimal(uint64_t number, char ret_text[static STR_DECIMAL_MAX])
{
	char digits[STR_DECIMAL_MAX];
	size_t n = 0, at = 0;
	do
		digits[n++] = (char)('0' + number % 10);
	while (number /= 10);
	while (n)
		ret_text[at++] = digits[--n];
	ret_text[at] = '\0';
}

size_t str_distance(const char *a, const char *b)
{
	enum { MOST = 64 };
	size_t rows[3][MOST + 1];
	size_t na = strlen(a), nb = strlen(b);
	if (na > MOST || nb > MOST)
		return SIZE_MAX;
	size_t *two_back = rows[0], *back = rows[1], *row = rows[2];
	for (size_t j = 0; j <= nb; j++)
		back[j] = j;
	for (size_t i = 1; i <= na; i++) {
		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t best = back[j - 1] + (a[i - 1] != b[j - 1]);
			best = min_of(best, back[j] + 1);
			best = min_of(best, row[j - 1] + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				best = min_of(best, two_back[j - 2] + 1);
			row[j] = best;
		}
		size_t *spare = two_back;
		two_back = back;
		back = row;
		row = spare;
	}
	return back[nb];
}
