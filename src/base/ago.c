// SPDX-License-Identifier: Apache-2.0
// ago.c - lengths of time, as people say them
//
// The bounds are Docker's, so that scripts which look for "Up 2 minutes" find it: whole units, cut
// off rather than rounded but for hours, and no 1 of a unit above the second but "About a".
#include "base/ago.h"

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR, WEEK = 7 * DAY, MONTH = 30 * DAY };

const char *ago_text(struct arena *arena, int64_t seconds)
{
	static const struct {
		int64_t below; // for lengths of less than this,
		int64_t unit;  // count these
		const char *name;
	} steps[] = {
		{MINUTE, 1, "seconds"},          {HOUR, MINUTE, "minutes"},
		{2 * DAY, HOUR, "hours"},        {2 * WEEK, DAY, "days"},
		{2 * MONTH, WEEK, "weeks"},      {2 * 365 * DAY, MONTH, "months"},
		{INT64_MAX, 365 * DAY, "years"},
	};
	if (seconds < 1)
		return "Less than a second";
	if (seconds == 1)
		return "1 second";
	if (seconds >= MINUTE && seconds < 2 * MINUTE)
		return "About a minute";
	if (seconds >= HOUR && seconds < HOUR + HOUR / 2)
		return "About an hour";
	size_t i = 0;
	while (seconds >= steps[i].below && i + 1 < lengthof(steps))
		i++;
	int64_t half = steps[i].unit == HOUR ? HOUR / 2 : 0;
	return arena_printf(arena, "%lld %s", (long long)((seconds + half) / steps[i].unit),
			    steps[i].name);
}
