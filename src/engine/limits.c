// SPDX-License-Identifier: Apache-2.0
// limits.c - --memory, --memory-swap, --cpus and --pids-limit
//
// --memory-swap counts memory and swap together, as cgroup v1 does: "-m 100m --memory-swap 150m"
// allows 50m of swap. Left out or 0 it is twice the memory; equal to it means no swap; -1 as much
// swap as there is. Where the kernel does not account for swap, only an explicit --memory-swap is
// an error: memory is limited all the same.
//
// --cpus is time, not processors: 1.5 is 150 ms of every 100 ms, shared by all of them. The kernel
// takes no less than 1 ms.
#include "engine/limits.h"

#include "base/fail.h"
#include "engine/size.h"

enum {
	MEMORY_LEAST = 6 << 20,  // Docker's; below it a start does not get through
	CPU_PERIOD = 100000,     // µs, the kernel's default and Docker's
	CPU_QUOTA_LEAST = 1000,  // µs, the kernel's min_cfs_quota_period
	CPU_DIGITS = 9,          // Docker counts in billionths of a processor
	CPU_WHOLE_MAX = 1000000, // more than Linux can have, and far from any overflow
};

static int memory(const char *text, int64_t *ret_bytes)
{
	int64_t bytes;
	TRY(size_parse("--memory", text, &bytes));
	if (bytes && bytes < MEMORY_LEAST) {
		fail(-ERANGE, "--memory '%s': less than 6m, the least a container starts in", text);
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

static int memory_limits(const struct run_opts *opts, const struct facts *facts,
			 struct oci_resources *resources)
{
	int64_t limit = 0, both = 0;
	if (opts->memory)
		TRY(memory(opts->memory, &limit));
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

static int bad_cpus(const char *text, const char *why)
{
	fail(-EINVAL, "--cpus '%s': %s", text, why);
	fail_hint("a number such as 1.5 or 0.25 is expected");
	return -EINVAL;
}

static int cpus(const char *text, unsigned processors, int64_t *ret_quota)
{
	struct str rest = str_of(text);
	struct decimal decimal;
	int error = decimal_take(&rest, &decimal);
	if (error == -ERANGE || (!error && decimal.fraction_size > CPU_DIGITS))
		return bad_cpus(text, "more digits than nine behind the point, or too many before");
	if (error || rest.n)
		return bad_cpus(text, "not a number of processors");
	uint64_t billionths = decimal.fraction;
	for (unsigned i = decimal.fraction_size; i < CPU_DIGITS; i++)
		billionths *= 10;
	if (decimal.whole > processors || (decimal.whole == processors && billionths) ||
	    decimal.whole > CPU_WHOLE_MAX) {
		fail(-ERANGE, "--cpus '%s': there are %u processors here", text, processors);
		fail_hint("the range is 0.01 to %u", processors);
		return -ERANGE;
	}
	uint64_t quota = decimal.whole * CPU_PERIOD + billionths / (1000000000 / CPU_PERIOD);
	if (quota < CPU_QUOTA_LEAST && (decimal.whole || billionths)) {
		fail(-ERANGE, "--cpus '%s': less than the kernel's least, 0.01", text);
		return -ERANGE;
	}
	*ret_quota = (int64_t)quota;
	return 0;
}

// *ret_limit is 0 for no limit.
static int pids(const char *text, int64_t *ret_limit)
{
	uint64_t limit = 0;
	if (!str_eq(text, "-1") && str_number(str_of(text), INT64_MAX, &limit)) {
		fail(-EINVAL, "--pids-limit '%s': not a number of processes", text);
		fail_hint("a whole number is expected; 0 or -1 for no limit");
		return -EINVAL;
	}
	*ret_limit = (int64_t)limit;
	return 0;
}

// Refuses a limit that nothing would enforce.
static int need_cgroup(const char *flag, const struct run_opts *opts, const struct facts *facts)
{
	if (opts->cgroups && str_eq(opts->cgroups, "disabled"))
		return fail(-EINVAL, "%s needs a cgroup, and --cgroups is disabled", flag);
	if (facts->uid) {
		fail(-EPERM,
		     "%s: not yet for ordinary users, their containers stay in the caller's cgroup",
		     flag);
		fail_hint("run it as root, or without the limit");
		return -EPERM;
	}
	return 0;
}

int limits_parse(const struct run_opts *opts, const struct facts *facts, unsigned processors,
		 struct oci_resources *ret_resources)
{
	struct oci_resources resources = *ret_resources;
	int64_t quota = 0, processes = 0;
	TRY(memory_limits(opts, facts, &resources));
	if (opts->cpus)
		TRY(cpus(opts->cpus, processors, &quota));
	if (opts->pids_limit)
		TRY(pids(opts->pids_limit, &processes));
	if (resources.memory_limit > 0)
		TRY(need_cgroup("--memory", opts, facts));
	if (quota)
		TRY(need_cgroup("--cpus", opts, facts));
	if (processes)
		TRY(need_cgroup("--pids-limit", opts, facts));
	if (quota) {
		resources.cpu_quota = quota;
		resources.cpu_period = CPU_PERIOD;
	}
	if (processes)
		resources.pids_limit = processes;
	*ret_resources = resources;
	return 0;
}
