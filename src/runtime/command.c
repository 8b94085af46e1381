// SPDX-License-Identifier: Apache-2.0
// command.c - the table of commands, and what they share
#include "runtime/runtime.h"

#include "base/fail.h"
#include "base/msg.h"

enum { HELP_MAX = 64 * 1024 };

#define COMMAND(name, enters) {&runtime_##name##_table, runtime_##name##_main, enters},
#define TABLE(name, enters)   &runtime_##name##_table,

static const struct runtime_command commands[] = {RUNTIME_COMMANDS(COMMAND)};
static const struct opt_table *const tables[] = {RUNTIME_COMMANDS(TABLE) NULL};

#define ROW(field, letter, name, value, help)                                                      \
	{                                                                                          \
		OPT_INTO(struct runtime_opts, struct opt_list, field), letter, name, value, help   \
	}

static const struct opt options[] = {
	ROW(root, 0, "root", "DIR", "keep the states of containers in DIR"),
	ROW(log, 0, "log", "FILE", "write errors and warnings to FILE as well"),
	ROW(log_format, 0, "log-format", "text|json", "how: a line of words, or an object"),
	ROW(debug, 0, "debug", NULL, "tell more, as which keys of a document are not known"),
	ROW(cgroup_manager, 0, "cgroup-manager", "cgroupfs|systemd|disabled",
	    "who makes cgroups: tare-oci itself, systemd, or nobody"),
	ROW(systemd_cgroup, 0, "systemd-cgroup", NULL, "the same as --cgroup-manager systemd"),
	ROW(rootless, 0, "rootless", "true|false|auto",
	    "refuse to work where the caller is somebody else"),
	ROW(version, 'v', "version", NULL, "print the version"),
};

static const struct opt_example examples[] = {
	{"tare-oci create -b BUNDLE web", "make a container of the bundle in BUNDLE"},
	{"tare-oci start web", "run its program"},
	{NULL, NULL},
};

const struct opt_table runtime_table = {
	.program = "tare-oci",
	.name = "",
	.purpose = "run OCI bundles, for engines that bring their own images and networks",
	.synopsis = (const char *const[]){"[OPTION…] COMMAND [ARG…]", NULL},
	.opts = options,
	.opts_n = lengthof(options),
	.stops = true,
	.examples = examples,
	.commands = tables,
};

// Commands of runc and crun that are not there, and why.
static const struct {
	const char *name;
	const char *reason;
} refused[] = {
	{"checkpoint", "it would need CRIU, with which nothing has been tested"},
	{"restore", "it would need CRIU, with which nothing has been tested"},
};

static bool is_refused(const char *name)
{
	for (size_t i = 0; i < lengthof(refused); i++)
		if (str_eq(refused[i].name, name)) {
			fail(-EOPNOTSUPP, "%s: not there: %s", name, refused[i].reason);
			return true;
		}
	return false;
}

const struct runtime_command *runtime_find(const char *name)
{
	const char *names[lengthof(commands)];
	for (size_t i = 0; i < lengthof(commands); i++) {
		if (str_eq(commands[i].table->name, name))
			return &commands[i];
		names[i] = commands[i].table->name;
	}
	if (is_refused(name))
		return NULL;
	const char *nearest = opt_nearest(name, names, lengthof(commands));
	fail(-EINVAL, "unknown command '%s'", name);
	if (nearest)
		fail_hint("did you mean 'tare-oci %s'?", nearest);
	else
		fail_hint("'tare-oci --help' lists what there is");
	return NULL;
}

int runtime_format(const char *text, bool *ret_json)
{
	*ret_json = text && str_eq(text, "json");
	if (!text || *ret_json || str_eq(text, "table"))
		return 0;
	return fail(-EINVAL, "--format '%s': table or json is expected", text);
}

int runtime_read(struct runtime_call *call, const struct opt_table *table, int argc, char **argv,
		 void *opts, size_t least, size_t most, struct opt_list *ret_rest)
{
	int result = opt_parse(call->arena, table, argc, argv, opts, ret_rest);
	if (result < 0)
		return result;
	if (result != OPT_WANTS_HELP)
		return opt_count(call->arena, table, ret_rest, least, most);
	struct buf text = buf_new(call->arena, HELP_MAX);
	opt_help(table, &text);
	TRY(msg_print(&text));
	return RUNTIME_DONE;
}
