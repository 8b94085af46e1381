// SPDX-License-Identifier: Apache-2.0
// features.c - tare-oci features
//
// What tare-oci knows, wherever it runs: engines ask it once, to know what they may write into a
// document. The lists are those by which documents are read and plans are made, so that they can't
// say more than is done. What depends on the host, `supportedFlags`, is asked of the kernel.
#include "runtime/runtime.h"

#include "base/msg.h"
#include "box/plan/seccomp.h"
#include "kern/caps.h"
#include "oci/features.h"
#include "oci/spec.h"
#include "oci/words.h"

enum { FEATURES_MAX = 256 << 10 };

struct features_opts {
	bool none; // there are no options
};

const struct opt_table runtime_features_table = {
	.program = "tare-oci",
	.name = "features",
	.purpose = "print what tare-oci can do, as the specification has it",
	.synopsis = (const char *const[]){"", NULL},
};

static struct oci_strings names_of(struct arena *arena, const struct shape_word *words)
{
	size_t n = 0;
	while (words[n].name)
		n++;
	struct oci_strings names = {arena_array(arena, const char *, n), n};
	for (size_t i = 0; i < n; i++)
		names.item[i] = words[i].name;
	return names;
}

static struct oci_strings capabilities(struct arena *arena)
{
	struct oci_strings names = {arena_array(arena, const char *, CAPS_LAST + 1), 0};
	for (unsigned number = 0; number <= CAPS_LAST; number++)
		names.item[names.n++] = caps_name(number);
	return names;
}

// The last one of the kernel's is of Linux 5.19.
static struct oci_strings kernel_flags(struct arena *arena, const struct facts *facts)
{
	struct oci_strings names = names_of(arena, oci_seccomp_flags);
	bool recent =
		facts->kernel_major > 5 || (facts->kernel_major == 5 && facts->kernel_minor >= 19);
	if (!recent)
		names.n--;
	return names;
}

int runtime_features_main(struct runtime_call *call, int argc, char **argv)
{
	struct arena *arena = call->arena;
	struct features_opts opts = {0};
	struct opt_list rest = {0};
	struct facts facts;
	struct buf out = buf_new(arena, FEATURES_MAX);
	int result = runtime_read(call, &runtime_features_table, argc, argv, &opts, 0, 0, &rest);
	if (result)
		return result;
	TRY(facts_gather(arena, FACTS_CHEAP, NULL, &facts));

	struct oci_enabled yes = {true};
	struct oci_features_cgroup cgroup = {true, true, true, true, true};
	struct oci_features_seccomp seccomp = {
		.enabled = true,
		.actions = names_of(arena, oci_seccomp_actions),
		.operators = names_of(arena, oci_seccomp_operators),
		.archs = names_of(arena, plan_seccomp_machines),
		.known_flags = names_of(arena, oci_seccomp_flags),
		.supported_flags = kernel_flags(arena, &facts),
	};
	struct oci_features_memory_policy memory_policy = {names_of(arena, oci_memory_modes),
							   names_of(arena, oci_memory_flags)};
	struct oci_features_rdt rdt = {0};
	struct oci_mount_extensions extensions = {&yes};
	struct oci_features_linux linux_ = {
		.namespaces = names_of(arena, oci_namespace_types),
		.capabilities = capabilities(arena),
		.cgroup = &cgroup,
		.seccomp = &seccomp,
		.apparmor = &yes,
		.selinux = &yes,
		.memory_policy = &memory_policy,
		.intel_rdt = &rdt,
		.mount_extensions = &extensions,
		.net_devices = &yes,
	};
	struct oci_features features = {
		.version_min = "1.0.0",
		.version_max = OCI_SPEC_VERSION,
		.hooks = names_of(arena, oci_hook_kinds),
		.linux_ = &linux_,
	};
	plan_mount_options(arena, &features.mount_options);
	oci_features_print(&out, &features);
	return msg_print(&out);
}
