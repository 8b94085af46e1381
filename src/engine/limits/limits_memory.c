// SPDX-License-Identifier: Apache-2.0
// limits_memory.c - --memory and what goes with it
//
// --memory-swap counts memory and swap together, as cgroup v1 does: "-m 100m --memory-swap 150m"
// allows 50m of swap. Left out or 0 it is twice the memory; equal to it means no swap; -1 as much
// swap as there is. Where the kernel does not account for swap, only an explicit --memory-swap is
// an error: memory is limited all the same.
//
// --memory-reservation is what a container keeps when memory runs short: others are made to give
// some back first. --oom-kill-disable lets its processes wait for memory for ever where they would
// be killed, so it needs a limit of its own: without one the whole host would wait.
#include "engine/limits/limits_parts.h"

#include "base/fail.h"
#include "base/size.h"

enum { MEMORY_LEAST = 6 << 20 }; // Docker's; below it a start does not get through

static int memory(const char *flag, const char *text, int64_t *ret_bytes)
{
	int64_t bytes;
	TRY(size_parse(flag, text, &bytes));
	if (bytes && bytes < MEMORY_LEAST) {
		fail(-ERANGE, "%s '%s': less than 6m, the least a container starts in", flag, text);
		if (text[strspn(text, "0123456789")] == '\0')
			fail_hint("a number without a unit is bytes; did you mean %sm?", text);
		return -ERANGE;
	}
	*ret_bytes = bytes;
	return 0;
}

// *ret_bytes is 0 for "as if not given".
static int memory_and_swap(const char *text, int64_t limit, int64_t *ret_bytes)
{
	int64_t bytes = -1;
	if (!str_eq(text, "-1"))
		TRY(size_parse("--memory-swap", text, &bytes));
	if (bytes > 0 && !limit) {
		fail(-EINVAL, "--memory-swap '%s': given without --memory", text);
		fail_hint("it is the sum of memory and swap: set --memory as well");
		return -EINVAL;
	}
	if (bytes > 0 && bytes < limit) {
		fail(-EINVAL, "--memory-swap '%s': less than --memory", text);
		fail_hint("it is the sum of memory and swap: the same value as --memory means no "
			  "swap");
		return -EINVAL;
	}
	*ret_bytes = bytes;
	return 0;
}

static int limit_and_swap(const struct run_opts *opts, const struct facts *facts,
			  struct oci_resources *resources)
{
	int64_t limit = 0, both = 0;
	if (opts->memory)
		TRY(memory("--memory", opts->memory, &limit));
	if (opts->memory_swap)
		TRY(memory_and_swap(opts->memory_swap, limit, &both));
	if (!limit)
		return 0;
	resources->memory_limit = limit;
	if (both > 0 && !facts->swap_accounting) {
		fail(-EOPNOTSUPP, "--memory-swap '%s': this kernel does not account for swap",
		     opts->memory_swap);
		fail_hint("leave it out; or boot the host with swapaccount=1");
		return -EOPNOTSUPP;
	}
	if (both == 0 && __builtin_mul_overflow(limit, 2, &both))
		both = -1;
	if (facts->swap_accounting)
		resources->memory_swap = both;
	return 0;
}

static int reservation(const char *text, struct oci_resources *resources)
{
	int64_t bytes;
	TRY(memory("--memory-reservation", text, &bytes));
	if (resources->memory_limit > 0 && bytes > resources->memory_limit) {
		fail(-EINVAL, "--memory-reservation '%s': more than --memory", text);
		fail_hint("--memory is the most it may use, the reservation what it keeps when "
			  "memory is short");
		return -EINVAL;
	}
	if (bytes)
		resources->memory_reservation = bytes;
	return 0;
}

// Refuses what only v1 has, by the flag's own name.
static int need_v1(const char *flag, const struct facts *facts, const char *instead)
{
	if (facts->controller[CONTROLLER_MEMORY].kind != CGROUP_V2)
		return 0;
	fail(-EOPNOTSUPP, "%s: memory is on cgroup v2 here, which does not have it", flag);
	fail_hint("%s", instead);
	return -EOPNOTSUPP;
}

static int swappiness(const char *text, const struct facts *facts, struct oci_resources *resources)
{
	uint64_t percent;
	if (str_eq(text, "-1"))
		return 0;
	if (str_number(str_of(text), 100, &percent)) {
		fail(-EINVAL, "--memory-swappiness '%s': not a number from 0 to 100", text);
		fail_hint("0 swaps as late as can be, 100 as early; -1 leaves the host's");
		return -EINVAL;
	}
	TRY(need_v1("--memory-swappiness", facts,
		    "--memory-swap with the same value as --memory means no swap"));
	resources->memory_swappiness = (int64_t)percent;
	return 0;
}

static int oom_kill_off(const struct facts *facts, struct oci_resources *resources)
{
	TRY(need_v1("--oom-kill-disable", facts,
		    "--oom-score-adj makes the kernel choose others first"));
	if (resources->memory_limit <= 0) {
		fail(-EINVAL, "--oom-kill-disable: needs --memory");
		fail_hint("without a limit of its own the container could take all memory, and "
			  "the host would wait for it for ever");
		return -EINVAL;
	}
	resources->memory_oom_kill_off = true;
	return 0;
}

int limits_memory(const struct run_opts *opts, const struct facts *facts,
		  struct oci_resources *resources)
{
	TRY(limit_and_swap(opts, facts, resources));
	if (opts->memory_reservation)
		TRY(reservation(opts->memory_reservation, resources));
	if (opts->memory_swappiness)
		TRY(swappiness(opts->memory_swappiness, facts, resources));
	if (opts->oom_kill_disable)
		TRY(oom_kill_off(facts, resources));
	return 0;
}
