// SPDX-License-Identifier: Apache-2.0
// size.c - amounts as people write them: "512m", "1.5g", "0.5" processors
//
// Docker reads these with floating point, where 0.1 has no exact value and 2^63 silently becomes
// a negative limit. Here they are whole numbers all the way: a fraction is kept as its digits, and
// is multiplied before it is divided.
#include "base/size.h"

#include "base/fail.h"

static bool is_digit(struct str s)
{
	return s.n && s.p[0] >= '0' && s.p[0] <= '9';
}

static void skip(struct str *s, size_t n)
{
	s->p += n;
	s->n -= n;
}

// Takes digits off the front; *ret_count is how many.
static int digits_take(struct str *rest, uint64_t *ret_number, size_t *ret_count)
{
	uint64_t number = 0;
	size_t count = 0;
	for (; is_digit(*rest); skip(rest, 1), count++)
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, (uint64_t)(rest->p[0] - '0'), &number))
			return -ERANGE;
	*ret_number = number;
	*ret_count = count;
	return 0;
}

int decimal_take(struct str *rest, struct decimal *ret_decimal)
{
	struct decimal decimal = {0};
	size_t before, behind = 0;
	TRY(digits_take(rest, &decimal.whole, &before));
	if (rest->n && rest->p[0] == '.') {
		skip(rest, 1);
		TRY(digits_take(rest, &decimal.fraction, &behind));
		if (behind > DECIMAL_FRACTION_MAX)
			return -ERANGE;
		decimal.fraction_size = (unsigned)behind;
	}
	if (before + behind == 0)
		return -EINVAL;
	*ret_decimal = decimal;
	return 0;
}

// The power of two that a unit stands for, or -1: "", b, k, kb, kib, m, …
static int unit_shift(struct str unit)
{
	static const char letters[] = "kmgtp";
	if (!unit.n || (unit.n == 1 && (unit.p[0] | 0x20) == 'b'))
		return 0;
	const char *letter = memchr(letters, unit.p[0] | 0x20, sizeof(letters) - 1);
	bool known =
		letter && (unit.n == 1 || (unit.n == 2 && (unit.p[1] | 0x20) == 'b') ||
			   (unit.n == 3 && (unit.p[1] | 0x20) == 'i' && (unit.p[2] | 0x20) == 'b'));
	return known ? (int)(letter - letters + 1) * 10 : -1;
}

// whole.fraction * 2^shift, cut to a whole number.
static int scale(struct decimal decimal, int shift, int64_t *ret_bytes)
{
	unsigned __int128 part = (unsigned __int128)decimal.fraction << shift;
	for (unsigned i = 0; i < decimal.fraction_size; i++)
		part /= 10;
	unsigned __int128 bytes = ((unsigned __int128)decimal.whole << shift) + part;
	bool something = decimal.whole || decimal.fraction;
	if (bytes > INT64_MAX || (something && !bytes))
		return -ERANGE;
	*ret_bytes = (int64_t)bytes;
	return 0;
}

static int bad_size(int error, const char *flag, const char *text, const char *why)
{
	fail(error, "%s '%s': %s", flag, text, why);
	fail_hint(
		"a size is written like 512m or 1.5g; the units are b, k, m, g, t and p, in steps "
		"of 1024");
	return error;
}

int size_parse(const char *flag, const char *text, int64_t *ret_bytes)
{
	struct str rest = str_of(text);
	struct decimal decimal;
	int error = decimal_take(&rest, &decimal);
	if (error == -EINVAL)
		return bad_size(error, flag, text,
				text[0] == '-' ? "a size is not negative" : "not a size");
	if (error)
		return bad_size(error, flag, text, "the number is too long");
	if (rest.n > 1 && rest.p[0] == ' ')
		skip(&rest, 1);
	int shift = unit_shift(rest);
	if (shift < 0) {
		fail(-EINVAL, "%s '%s': '%.*s' is not a unit", flag, text, (int)min_of(rest.n, 32u),
		     rest.p);
		fail_hint("a size is written like 512m or 1.5g; the units are b, k, m, g, t and p, "
			  "in steps of 1024");
		return -EINVAL;
	}
	if (scale(decimal, shift, ret_bytes))
		return bad_size(-ERANGE, flag, text,
				decimal.whole ? "more than can be counted" : "less than a byte");
	return 0;
}
