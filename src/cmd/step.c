// SPDX-License-Identifier: Apache-2.0
// step.c - tare step: single steps of a plan, for the scripts that tare run --script prints
#include "cmd/command.h"

#include "base/fail.h"
#include "box/readings/steps.h"
#include "engine/mounts/defaults.h"
#include "engine/mounts/device.h"

#include <unistd.h>

struct step_opts {
	struct oci_strings env;         // --env
	bool init;                      // --init
	bool home;                      // --home
	const char *cgroup;             // --cgroup
	struct oci_strings device_rule; // --device-rule
	const char *pid;                // --pid
};

static_assert(OPT_FITS(struct oci_strings), "the parser fills lists of this type");

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct step_opts, struct oci_strings, field), letter, name, value, help   \
	}

static const struct opt options[] = {
	ROW(env, 'e', "env", "NAME[=VALUE]", "set a variable, or pass on the caller's"),
	ROW(init, 0, "init", NULL, "put an init in front of the command"),
	ROW(home, 0, "home", NULL, "set HOME as the root's passwd has it"),
	ROW(cgroup, 0, "cgroup", "DIR", "the cgroup of a device-filter step"),
	ROW(device_rule, 0, "device-rule", "RULE", "what it allows beside the usual devices"),
	ROW(pid, 0, "pid", "NUMBER", "the process that a scope step moves, instead of this one"),
};

static const struct opt_example examples[] = {
	{"tare step 'hostname box' 'bounding 0x0 0x28' -- /bin/sh",
	 "take two steps in this process, then become a shell"},
	{NULL, NULL},
};

const struct opt_table step_table = {
	.name = "step",
	.purpose = "take single steps of a plan: what scripts of run --script call",
	.synopsis = (const char *const[]){"[OPTION…] STEP… [-- COMMAND [ARG…]]", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.examples = examples,
};

// What stands behind "--" is the program; the parser keeps options out of it, but not the mark.
static int find_program(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (str_eq(argv[i], "--"))
			return i;
	return argc;
}

int step_main(struct command_call *call, int argc, char **argv)
{
	static const struct oci_strings nothing;
	struct step_opts opts = {0};
	struct opt_list rest = {0};
	int end = find_program(argc, argv);
	char *mark = argv[end];
	argv[end] = NULL;
	int result = command_opts(call, &step_table, end, argv, &opts, &rest);
	argv[end] = mark;
	if (result)
		return result;
	TRY(opt_count(call->arena, &step_table, &rest, 1, SIZE_MAX));
	uint64_t pid = 0;
	if (opts.pid && str_number(str_of(opts.pid), INT32_MAX, &pid))
		return fail(-EINVAL, "--pid '%s': not the number of a process", opts.pid);
	struct steps_want want = {
		.steps = {rest.item, rest.n},
		.env = opts.env,
		.init = opts.init,
		.home = opts.home,
		.cgroup = opts.cgroup,
		.pid = (pid_t)pid,
		.environment = (const char *const *)environ,
	};
	if (end < argc)
		want.args = (struct oci_strings){(const char **)argv + end + 1,
						 (size_t)(argc - end - 1)};
	struct box_spec spec = {0};
	oci_spec_init(&spec.oci);
	defaults_devices(call->arena, &spec.oci.linux_);
	TRY(devices_add(call->arena, &nothing, &opts.device_rule,
			(struct device_filter){.on = true}, &spec.oci.linux_,
			&spec.device_rules_added));
	spec.oci.process.args = want.args;
	return steps_take(call->arena, &want, &spec);
}
