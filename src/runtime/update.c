// SPDX-License-Identifier: Apache-2.0
// update.c - tare-oci update
#include "base/fail.h"
#include "runtime/change.h"

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct change_opts, struct oci_strings, field), letter, name, value, help \
	}

static const struct opt options[] = {
	ROW(resources, 'r', "resources", "FILE|-",
	    "read linux.resources of the specification there; the other options are ignored"),
	ROW(blkio_weight, 0, "blkio-weight", "N", "share of disks, 10 to 1000"),
	ROW(cpu_period, 0, "cpu-period", "N", "the µs that a quota is of"),
	ROW(cpu_quota, 0, "cpu-quota", "N", "µs of processor time a period; -1: unlimited"),
	ROW(cpu_burst, 0, "cpu-burst", "N", "µs that may be saved up for a later period"),
	ROW(cpu_rt_period, 0, "cpu-rt-period", "N", "the period of real-time processes"),
	ROW(cpu_rt_runtime, 0, "cpu-rt-runtime", "N", "and what they may use of it"),
	ROW(cpu_shares, 0, "cpu-share", "N", "share of processors, 2 to 262144"),
	ROW(cpu_idle, 0, "cpu-idle", "0|1", "1: it runs only when nobody else wants to"),
	ROW(cpuset_cpus, 0, "cpuset-cpus", "LIST", "processors it may run on"),
	ROW(cpuset_mems, 0, "cpuset-mems", "LIST", "memory nodes it may use"),
	ROW(memory, 'm', "memory", "SIZE", "the most memory it may use; -1: unlimited"),
	ROW(memory_reservation, 0, "memory-reservation", "SIZE",
	    "what is spared when memory is short"),
	ROW(memory_swap, 0, "memory-swap", "SIZE", "memory and swap together; -1: unlimited"),
	ROW(pids_limit, 0, "pids-limit", "N", "processes and threads; -1: unlimited"),
	OPT_LATER(0, "l3-cache-schema", "linux.intelRdt is not applied so far"),
	OPT_LATER(0, "mem-bw-schema", "linux.intelRdt is not applied so far"),
	OPT_NONE(0, "kernel-memory", "kernels count it with the rest now"),
	OPT_NONE(0, "kernel-memory-tcp", "kernels count it with the rest now"),
};

static const struct opt_example examples[] = {
	{"tare-oci update --memory 512m web", "give the container another limit of memory"},
	{"tare-oci update -r limits.json web", "those that a file has in the document's words"},
	{NULL, NULL},
};

const struct opt_table runtime_update_table = {
	.program = "tare-oci",
	.name = "update",
	.purpose = "change the limits of a container that is there",
	.synopsis = (const char *const[]){"[OPTION…] ID", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.examples = examples,
};

int runtime_update_main(struct runtime_call *call, int argc, char **argv)
{
	struct change_opts opts = {0};
	struct opt_list rest = {0};
	struct oci_resources resources;
	_cleanup_container_ struct container container = CONTAINER_NONE;
	int result = runtime_read(call, &runtime_update_table, argc, argv, &opts, 1, 1, &rest);
	if (result)
		return result;
	TRY(container_need(call, rest.item[0], CONTAINER_LOCK, &container));
	if (container.pidfd < 0)
		return fail(-ESRCH, "container '%s' does not run", container.id);
	TRY(change_read(call, &opts, &resources));
	return change_apply(call, &container, &resources);
}
