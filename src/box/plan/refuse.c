// SPDX-License-Identifier: Apache-2.0
// refuse.c - what a document may ask for and no step does
//
// Nothing of a document is dropped in silence: what has no step is refused here by its place. A
// test walks the document's tables and finds for each key a plan that differs, a refusal, or the
// reason why a start does not heed it.
#include "box/plan/builder.h"

#include "base/fail.h"

static int refuse(bool asked, const char *place, const char *reason)
{
	return asked ? fail(-EOPNOTSUPP, "%s: %s", place, reason) : 0;
}

int plan_refuse_process(const struct oci_process *process)
{
	return refuse(process->command_line, "process.commandLine", "it is for Windows");
}

static int check_resources(const struct oci_resources *resources)
{
	bool leaf = resources->io_leaf_weight;
	for (size_t i = 0; i < resources->io_weights_n; i++)
		leaf = leaf || resources->io_weights[i].leaf_weight;
	return refuse(leaf, "linux.resources.blockIO: leafWeight",
		      "it was of the I/O scheduler cfq, which kernels have no more");
}

static int check_linux(const struct oci_linux *linux_)
{
	TRY(refuse(linux_->intel_rdt, "linux.intelRdt",
		   "tare does not divide caches and memory bandwidth (resctrl) yet"));
	TRY(refuse((linux_->time_offsets.monotonic.secs ||
		    linux_->time_offsets.monotonic.nanosecs || linux_->time_offsets.boottime.secs ||
		    linux_->time_offsets.boottime.nanosecs) &&
			   !oci_namespace_is_own(linux_, "time"),
		   "linux.timeOffsets", "the container has no time namespace of its own"));
	return check_resources(&linux_->resources);
}

int plan_refuse(const struct builder *builder)
{
	const struct oci_spec *spec = &builder->spec->oci;
	TRY(plan_refuse_process(&spec->process));
	return check_linux(&spec->linux_);
}
