// SPDX-License-Identifier: Apache-2.0
// cpuset.c - --cpuset-cpus and --cpuset-mems: sets of processors and memory nodes
//
// The kernel lets a group have only what the group above has, and says no more than "Invalid
// argument" or "Permission denied" when it asks for more. So a set is held against those there are
// first, and the error names them.
#include "engine/limits/cpuset.h"

#include "base/fail.h"

static int read_range(struct str text, uint64_t *ret_first, uint64_t *ret_last)
{
	struct str rest = text;
	struct str first = str_cut(&rest, '-');
	TRY(str_number(first, CPUSET_MEMBERS_MAX - 1, ret_first));
	*ret_last = *ret_first;
	if (!rest.p)
		return 0;
	TRY(str_number(rest, CPUSET_MEMBERS_MAX - 1, ret_last));
	return *ret_first <= *ret_last ? 0 : -EINVAL;
}

int cpuset_read(struct str text, struct cpuset *ret_set)
{
	struct cpuset set = {0};
	for (struct str rest = text; rest.p;) {
		uint64_t first, last;
		TRY(read_range(str_cut(&rest, ','), &first, &last));
		for (uint64_t i = first; i <= last; i++)
			set.bits[i / 64] |= 1ull << i % 64;
	}
	*ret_set = set;
	return 0;
}

static bool holds(const struct cpuset *all, const struct cpuset *some)
{
	for (size_t i = 0; i < lengthof(all->bits); i++)
		if (some->bits[i] & ~all->bits[i])
			return false;
	return true;
}

int cpuset_check(const char *flag, const char *text, const char *there, const char *noun)
{
	struct cpuset wanted, all;
	int error = cpuset_read(str_of(text), &wanted);
	if (error == -EINVAL) {
		fail(error, "%s '%.64s': not a list of numbers", flag, text);
		fail_hint("numbers and ranges are written like 0-2,5");
		return error;
	}
	if (error || (there && !cpuset_read(str_of(there), &all) && !holds(&all, &wanted))) {
		fail(-ERANGE, "%s '%.64s': not all of them are here", flag, text);
		if (there)
			fail_hint("the %s here are %s", noun, there);
		return -ERANGE;
	}
	return 0;
}
