// SPDX-License-Identifier: Apache-2.0
// limits_cpu.c - --cpus, --cpu-… and --cpuset-…: processor time, its shares, and which processors
//
// --cpus is time, not processors: 1.5 is 150 ms of every 100 ms, shared by all of them. It is a
// short form of --cpu-quota and --cpu-period, and Docker does not take both. The kernel takes no
// less than 1 ms of quota.
//
// --cpu-shares says what counts when there is not enough for all: 512 gets half of what 1024 gets.
#include "engine/limits/limits_parts.h"

#include "base/fail.h"
#include "engine/limits/cpuset.h"
#include "base/size.h"

enum {
	CPU_PERIOD = 100000,     // µs, the kernel's default and Docker's
	CPU_PERIOD_LEAST = 1000, // µs, the kernel's bounds
	CPU_PERIOD_MOST = 1000000,
	CPU_QUOTA_LEAST = 1000,  // µs, the kernel's min_cfs_quota_period
	CPU_DIGITS = 9,          // Docker counts in billionths of a processor
	CPU_WHOLE_MAX = 1000000, // more than Linux can have, and far from any overflow
	SHARES_LEAST = 2,        // the kernel's bounds
	SHARES_MOST = 1 << 18,
};

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

// A whole number within bounds; 0 stands for "not given".
static int number(const char *flag, const char *text, uint64_t least, uint64_t most,
		  const char *noun, uint64_t *ret_number)
{
	uint64_t value;
	int error = str_number(str_of(text), INT64_MAX, &value);
	if (!error && (value == 0 || (value >= least && value <= most))) {
		*ret_number = value;
		return 0;
	}
	fail(error == -EINVAL ? error : -ERANGE, "%s '%s': not %s", flag, text, noun);
	fail_hint("the range is %llu to %llu; 0 leaves it as it is", (unsigned long long)least,
		  (unsigned long long)most);
	return error == -EINVAL ? error : -ERANGE;
}

static int quota_and_period(const struct run_opts *opts, struct oci_resources *resources)
{
	uint64_t period = 0, quota = 0;
	bool unlimited = opts->cpu_quota && str_eq(opts->cpu_quota, "-1");
	if (opts->cpu_period)
		TRY(number("--cpu-period", opts->cpu_period, CPU_PERIOD_LEAST, CPU_PERIOD_MOST,
			   "a number of microseconds that the kernel takes", &period));
	if (opts->cpu_quota && !unlimited)
		TRY(number("--cpu-quota", opts->cpu_quota, CPU_QUOTA_LEAST, INT64_MAX / 1000,
			   "a number of microseconds that the kernel takes", &quota));
	if (period)
		resources->cpu_period = period;
	if (quota)
		resources->cpu_quota = (int64_t)quota;
	return 0;
}

static int time_limits(const struct run_opts *opts, unsigned processors,
		       struct oci_resources *resources)
{
	int64_t quota = 0;
	TRY(quota_and_period(opts, resources));
	if (!opts->cpus)
		return 0;
	TRY(cpus(opts->cpus, processors, &quota));
	if (!quota)
		return 0;
	if (resources->cpu_quota != INT64_MIN || resources->cpu_period != UINT64_MAX) {
		fail(-EINVAL, "--cpus and %s: only one of them",
		     resources->cpu_quota != INT64_MIN ? "--cpu-quota" : "--cpu-period");
		fail_hint("--cpus is a short form of --cpu-quota and --cpu-period");
		return -EINVAL;
	}
	resources->cpu_quota = quota;
	resources->cpu_period = CPU_PERIOD;
	return 0;
}

static int shares(const char *text, struct oci_resources *resources)
{
	uint64_t value;
	TRY(number("--cpu-shares", text, SHARES_LEAST, SHARES_MOST,
		   "a number of shares that the kernel takes", &value));
	if (value)
		resources->cpu_shares = value;
	return 0;
}

static int real_time(const struct run_opts *opts, struct oci_resources *resources)
{
	uint64_t period = 0, runtime = 0;
	if (opts->cpu_rt_period)
		TRY(number("--cpu-rt-period", opts->cpu_rt_period, 1, INT32_MAX,
			   "a number of microseconds that the kernel takes", &period));
	if (opts->cpu_rt_runtime)
		TRY(number("--cpu-rt-runtime", opts->cpu_rt_runtime, 1, INT32_MAX,
			   "a number of microseconds that the kernel takes", &runtime));
	if (period && runtime > period) {
		fail(-EINVAL, "--cpu-rt-runtime '%s': more than --cpu-rt-period",
		     opts->cpu_rt_runtime);
		return -EINVAL;
	}
	if (period)
		resources->cpu_rt_period = period;
	if (runtime)
		resources->cpu_rt_runtime = (int64_t)runtime;
	return 0;
}

static int sets(const struct run_opts *opts, const struct facts *facts,
		struct oci_resources *resources)
{
	if (opts->cpuset_cpus && *opts->cpuset_cpus) {
		TRY(cpuset_check("--cpuset-cpus", opts->cpuset_cpus, facts->cpus, "processors"));
		resources->cpuset_cpus = opts->cpuset_cpus;
	}
	if (opts->cpuset_mems && *opts->cpuset_mems) {
		TRY(cpuset_check("--cpuset-mems", opts->cpuset_mems, facts->mems, "memory nodes"));
		resources->cpuset_mems = opts->cpuset_mems;
	}
	return 0;
}

int limits_cpu(const struct run_opts *opts, const struct facts *facts, unsigned processors,
	       struct oci_resources *resources)
{
	TRY(time_limits(opts, processors, resources));
	if (opts->cpu_shares)
		TRY(shares(opts->cpu_shares, resources));
	TRY(real_time(opts, resources));
	return sets(opts, facts, resources);
}
