// SPDX-License-Identifier: Apache-2.0
// moment.c - points in time, as documents write them
#include "base/moment.h"

#include <stdio.h>

void moment_text(const struct timespec *time, char ret_text[static MOMENT_SIZE])
{
	struct tm parts;
	gmtime_r(&time->tv_sec, &parts);
	size_t n = strftime(ret_text, MOMENT_SIZE, "%Y-%m-%dT%H:%M:%S", &parts);
	snprintf(ret_text + n, MOMENT_SIZE - n, ".%09ldZ", time->tv_nsec);
}
