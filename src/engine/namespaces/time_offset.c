// SPDX-License-Identifier: Apache-2.0
// time_offset.c - --time-offset: other clocks than the host's
//
// A time namespace adds an offset to two clocks: to the monotonic one, which timers and timeouts
// go by, and to the time since boot. The time of day is the same for all. It was made for moving a
// process to another machine, where these clocks must not jump; in a test it shows how a program
// behaves after 25 days, when a 32-bit count of milliseconds overflows.
#include "engine/namespaces/time_offset.h"

#include "base/fail.h"
#include "base/str.h"

// The kernel takes no clock beyond half of what 64 bits of nanoseconds hold.
#define SECONDS_MAX UINT64_C(4611686018)

static int seconds(struct str text, int64_t *ret_seconds)
{
	uint64_t number;
	bool negative = text.n && text.p[0] == '-';
	if (negative)
		text = (struct str){text.p + 1, text.n - 1};
	if (!text.p || str_number(text, SECONDS_MAX, &number) || (negative && !number))
		return -EINVAL;
	*ret_seconds = negative ? -(int64_t)number : (int64_t)number;
	return 0;
}

int time_offset_parse(const char *text, struct oci_time_offsets *ret_offsets)
{
	struct oci_time_offsets offsets = {0};
	bool monotonic = false, boottime = false;
	struct str rest = str_of(text);
	do {
		struct str value = str_cut(&rest, ',');
		struct str clock = str_cut(&value, '=');
		bool is_monotonic = str_is(clock, "monotonic");
		bool *given = is_monotonic ? &monotonic : &boottime;
		int64_t *to = is_monotonic ? &offsets.monotonic.secs : &offsets.boottime.secs;
		bool known = is_monotonic || str_is(clock, "boottime");
		if (!known || *given || seconds(value, to) < 0)
			return fail(-EINVAL,
				    "--time-offset '%s': monotonic=SECONDS, boottime=SECONDS or "
				    "both with a comma are expected",
				    text);
		*given = true;
	} while (rest.p);
	*ret_offsets = offsets;
	return 0;
}
