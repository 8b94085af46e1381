// SPDX-License-Identifier: Apache-2.0
// weight.c - shares of cgroup v1 as weights of v2
//
// Both say how processor time is divided when there is not enough: shares from 2 to 262144, usually
// 1024, weights from 1 to 10000, usually 100. Spread over the range in proportion, 1024 shares
// would be a weight of 39, a third of everybody else's. So runc and crun draw a parabola through
// the three points that have to agree, on logarithmic paper:
//
//	weight = ⌈10^((l² + 125 l) / 612 - 7/34)⌉, with l = log2(shares)
//
// 2, 1024 and 262144 shares become 1, 100 and 10000. Here it is done with whole numbers, the other
// way round: the weight is the least whose logarithm is not below that.
#include "kern/cgroup/cgroup.h"

enum { FRACTION = 48 }; // bits behind the point

// log2 of a number that is not zero, cut off: squaring doubles the logarithm, and each doubling
// that reaches 2 is one bit of it.
static int64_t log2_of(uint64_t number)
{
	int64_t log = 63 - __builtin_clzll(number);
	uint64_t rest = number << __builtin_clzll(number); // 1 to 2, with 63 bits behind the point
	for (int i = 0; i < FRACTION; i++) {
		unsigned __int128 square = (unsigned __int128)rest * rest;
		bool two = square >> 127;
		log = log * 2 + two;
		rest = (uint64_t)(square >> (two ? 64 : 63));
	}
	return log;
}

unsigned cgroup_weight_of_shares(uint64_t shares)
{
	enum { LEAST = 2, MOST = 1 << 18, WEIGHT_MOST = 10000 };
	if (shares <= LEAST)
		return 1;
	if (shares >= MOST)
		return WEIGHT_MOST;
	// Over the common denominator 612 = 18 * 34.
	__int128 l = log2_of(shares);
	__int128 power = ((l * l >> FRACTION) + 125 * l - ((__int128)126 << FRACTION)) / 612;
	int64_t wanted = (int64_t)(power * log2_of(10) >> FRACTION);
	int64_t slack = 1 << 8; // what was cut off on the way
	unsigned low = 1, high = WEIGHT_MOST;
	while (low < high) {
		unsigned middle = (low + high) / 2;
		if (log2_of(middle) + slack >= wanted)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}
