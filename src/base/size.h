// SPDX-License-Identifier: Apache-2.0
// size.h - amounts as people write them: "512m", "1.5g", "0.5" processors
#pragma once

#include "base/str.h"

// A decimal number that is not negative, as the start of a longer text.
struct decimal {
	uint64_t whole;         // before the point
	uint64_t fraction;      // the digits behind it, as a number
	unsigned fraction_size; // how many digits those are, at most DECIMAL_FRACTION_MAX
};

enum { DECIMAL_FRACTION_MAX = 18 }; // 10^18 is the last power of ten below 2^63

// Takes digits, or digits around one point, off the front of *rest. Returns 0, -EINVAL when no
// digit is there, -ERANGE when the number or its fraction is longer than it may be.
int decimal_take(struct str *rest, struct decimal *ret_decimal);

// Reads the bytes that `text`, the value of `flag`, stands for. Units are b, k, m, g, t, p in
// steps of 1024, in either case, also written kb or KiB and after one blank; a fraction of a byte
// is cut off. Returns 0 or an error of fail.h: a bad number or unit, an amount of more than 2^63-1
// or of more than nothing but less than a byte.
int size_parse(const char *flag, const char *text, int64_t *ret_bytes);
