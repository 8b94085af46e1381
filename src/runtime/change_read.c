// SPDX-License-Identifier: Apache-2.0
// change_read.c - what update is asked for, from its options or a document
#include "base/fail.h"
#include "base/fd.h"
#include "base/json.h"
#include "base/size.h"
#include "runtime/change.h"
#include "runtime/log.h"

#include <fcntl.h>
#include <unistd.h>

// --- the document -------------------------------------------------------------------------------

static int read_document(struct runtime_call *call, const char *path,
			 struct oci_resources *ret_resources)
{
	struct oci_strings unknown = {0};
	struct str text;
	bool input = str_eq(path, "-");
	const char *name = input ? "standard input" : path;
	int error = input ? fd_read_all(call->arena, STDIN_FILENO, JSON_BYTES_MAX, &text)
			  : file_read(call->arena, AT_FDCWD, path, JSON_BYTES_MAX, &text);
	if (error < 0)
		return fail_sys(error, "--resources: read '%s'", name);
	if (oci_resources_parse(call->arena, text, ret_resources, &unknown) < 0)
		return fail_about("--resources '%s'", name);
	for (size_t i = 0; i < unknown.n; i++)
		log_debug(call, arena_printf(call->arena, "--resources: '%s' is not known",
					     unknown.item[i]));
	return 0;
}

static void drop(int64_t *number)
{
	if (*number == 0)
		*number = INT64_MIN;
}

static void drop_unsigned(uint64_t *number)
{
	if (*number == 0)
		*number = UINT64_MAX;
}

static void drop_zeros(struct oci_resources *resources)
{
	drop(&resources->memory_limit);
	drop(&resources->memory_reservation);
	drop(&resources->memory_swap);
	drop(&resources->cpu_quota);
	drop(&resources->cpu_rt_runtime);
	drop_unsigned(&resources->cpu_shares);
	drop_unsigned(&resources->cpu_period);
	drop_unsigned(&resources->cpu_rt_period);
	if (resources->cpuset_cpus && !*resources->cpuset_cpus)
		resources->cpuset_cpus = NULL;
	if (resources->cpuset_mems && !*resources->cpuset_mems)
		resources->cpuset_mems = NULL;
}

// --- the options --------------------------------------------------------------------------------

static int read_number(const char *flag, const char *text, int64_t *ret_number)
{
	uint64_t number;
	if (!text)
		return 0;
	if (str_eq(text, "-1")) {
		*ret_number = -1;
		return 0;
	}
	if (str_number(str_of(text), INT64_MAX, &number))
		return fail(-EINVAL, "%s '%s': a number is expected", flag, text);
	*ret_number = (int64_t)number;
	return 0;
}

static int read_unsigned(const char *flag, const char *text, uint64_t *ret_number)
{
	uint64_t number;
	if (!text)
		return 0;
	if (str_number(str_of(text), INT64_MAX, &number))
		return fail(-EINVAL, "%s '%s': a number is expected", flag, text);
	*ret_number = number;
	return 0;
}

static int read_size(const char *flag, const char *text, int64_t *ret_bytes)
{
	if (!text || str_eq(text, "-1"))
		return read_number(flag, text, ret_bytes);
	return size_parse(flag, text, ret_bytes);
}

static int read_options(struct arena *arena, const struct change_opts *opts,
			struct oci_resources *ret_resources)
{
	struct oci_resources all;
	struct oci_strings unknown;
	TRY(oci_resources_parse(arena, str_of("{}"), &all, &unknown));
	TRY(read_number("--blkio-weight", opts->blkio_weight, &all.io_weight));
	TRY(read_unsigned("--cpu-period", opts->cpu_period, &all.cpu_period));
	TRY(read_number("--cpu-quota", opts->cpu_quota, &all.cpu_quota));
	TRY(read_unsigned("--cpu-burst", opts->cpu_burst, &all.cpu_burst));
	TRY(read_unsigned("--cpu-rt-period", opts->cpu_rt_period, &all.cpu_rt_period));
	TRY(read_number("--cpu-rt-runtime", opts->cpu_rt_runtime, &all.cpu_rt_runtime));
	TRY(read_unsigned("--cpu-share", opts->cpu_shares, &all.cpu_shares));
	TRY(read_number("--cpu-idle", opts->cpu_idle, &all.cpu_idle));
	TRY(read_size("--memory", opts->memory, &all.memory_limit));
	TRY(read_size("--memory-reservation", opts->memory_reservation, &all.memory_reservation));
	TRY(read_size("--memory-swap", opts->memory_swap, &all.memory_swap));
	TRY(read_number("--pids-limit", opts->pids_limit, &all.pids_limit));
	all.cpuset_cpus = opts->cpuset_cpus;
	all.cpuset_mems = opts->cpuset_mems;
	drop(&all.io_weight);
	*ret_resources = all;
	return 0;
}

int change_read(struct runtime_call *call, const struct change_opts *opts,
		struct oci_resources *ret_resources)
{
	int result = opts->resources ? read_document(call, opts->resources, ret_resources)
				     : read_options(call->arena, opts, ret_resources);
	TRY(result);
	drop_zeros(ret_resources);
	return 0;
}
