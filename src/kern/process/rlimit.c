// SPDX-License-Identifier: Apache-2.0
// rlimit.c - resource limits of a process, by name and number
//
// Each process carries sixteen pairs of limits, inherited by its children and kept over exec. The
// soft one counts; the process may move it up to the hard one, and lower that, but only
// CAP_SYS_RESOURCE raises it. They are older than cgroups and bound a single process, except for
// RLIMIT_NPROC, RLIMIT_SIGPENDING, RLIMIT_MSGQUEUE and RLIMIT_MEMLOCK, which count for the user id
// (and its user namespace): two containers of the same user take from one account, root from none.
//
// Without them a program inside takes over what tare itself was started with, and some loop over
// all descriptors up to the limit, which can be a billion.
#include "kern/process/rlimit.h"

#include "base/sys.h"

#include <asm-generic/resource.h>

#define ROW(name) [name] = #name
static const char *const names[] = {
	ROW(RLIMIT_CPU),      ROW(RLIMIT_FSIZE), ROW(RLIMIT_DATA),    ROW(RLIMIT_STACK),
	ROW(RLIMIT_CORE),     ROW(RLIMIT_RSS),   ROW(RLIMIT_NPROC),   ROW(RLIMIT_NOFILE),
	ROW(RLIMIT_AS),       ROW(RLIMIT_LOCKS), ROW(RLIMIT_MEMLOCK), ROW(RLIMIT_SIGPENDING),
	ROW(RLIMIT_MSGQUEUE), ROW(RLIMIT_NICE),  ROW(RLIMIT_RTPRIO),  ROW(RLIMIT_RTTIME),
};
static_assert(lengthof(names) == RLIM_NLIMITS, "a name for each limit");

int rlimit_number(const char *name)
{
	for (size_t i = 0; i < lengthof(names); i++)
		if (str_eq(names[i], name))
			return (int)i;
	return -1;
}

const char *rlimit_name(int number)
{
	return number >= 0 && (size_t)number < lengthof(names) ? names[number] : NULL;
}

int rlimit_set(int number, uint64_t soft, uint64_t hard)
{
	struct {
		uint64_t soft, hard;
	} limit = {soft, hard};
	return (int)sys_call(SYS_prlimit64, 0, number, &limit, NULL);
}
