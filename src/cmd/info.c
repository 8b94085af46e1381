// SPDX-License-Identifier: Apache-2.0
// info.c - tare info
//
// What a container started here would get, said in words: where it is kept, what limits it, who
// its users are. It is the facts that a plan is made from, which --json prints as they are.
#include "cmd/command.h"

#include "base/msg.h"
#include "kern/facts.h"

#include <unistd.h>

struct info_opts {
	bool json; // --json
};

static const struct opt options[] = {
	{OPT_INTO(struct info_opts, struct opt_list, json), 0, "json", NULL,
	 "print what tare found out about this host as JSON"},
};

const struct opt_table info_table = {
	.name = "info",
	.purpose = "tell what this host and this user allow",
	.synopsis = (const char *const[]){"[OPTION…]", NULL},
	.opts = options,
	.opts_n = lengthof(options),
};

static void label(struct buf *out, const char *name)
{
	buf_printf(out, "%-14s ", name);
}

static void put_text(struct buf *out, const char *name, const char *text)
{
	label(out, name);
	msg_escape(out, str_of(text));
	buf_putc(out, '\n');
}

// "memory v1, pids v1, cpu v2", or why there are none.
static void put_limits(struct buf *out, const struct facts *facts)
{
	static const enum controller shown[] = {CONTROLLER_MEMORY, CONTROLLER_CPU, CONTROLLER_PIDS};
	label(out, "limits:");
	if (facts->uid && facts->delegated) {
		buf_printf(out, "%s by cgroup v2, delegated\n", facts->delegated_controllers);
		return;
	}
	if (facts->uid) {
		buf_puts(out, "none: no cgroup was handed over (tare doctor says more)\n");
		return;
	}
	for (size_t i = 0; i < lengthof(shown); i++) {
		enum cgroup_kind kind = facts->controller[shown[i]].kind;
		buf_printf(out, "%s%s %s", i ? ", " : "", controller_name(shown[i]),
			   kind == CGROUP_V1   ? "by cgroup v1"
			   : kind == CGROUP_V2 ? "by cgroup v2"
					       : "not here");
	}
	buf_puts(out, facts->swap_accounting ? ", with swap\n" : ", without swap\n");
}

static void put_devices(struct buf *out, const struct facts *facts)
{
	label(out, "devices:");
	if (facts->uid)
		buf_puts(out, "those of the host that are bound in\n");
	else if (facts->controller[CONTROLLER_DEVICES].kind == CGROUP_V1)
		buf_puts(out, "filtered by cgroup v1\n");
	else if (facts->device_filter)
		buf_puts(out, "filtered by a BPF program on cgroup v2\n");
	else
		buf_puts(out, "no filter: containers can't make nodes\n");
}

static void put_users(struct buf *out, const struct facts *facts)
{
	label(out, "users inside:");
	if (!facts->uid) {
		buf_puts(out, "the host's\n");
		label(out, "overlay:");
		buf_puts(out, "yes\n");
		label(out, "with id maps:");
		buf_puts(out, facts->idmapped_layers ? "the same layers, seen with other owners\n"
						     : "a copy of the layers for each map\n");
		return;
	}
	if (facts->user_namespace_denied) {
		buf_printf(out, "no user namespaces: %s denies them\n",
			   facts->user_namespace_denied);
		return;
	}
	if (facts->subuid.count && facts->newuidmap && facts->newgidmap)
		buf_printf(out, "the caller as root, and %u from %u on\n", facts->subuid.count,
			   facts->subuid.first);
	else if (facts->subuid.count)
		buf_puts(out, "only the caller, as root: newuidmap is not installed\n");
	else
		buf_puts(out, "only the caller, as root: no ids in /etc/subuid\n");
	label(out, "overlay:");
	buf_puts(out, facts->overlay_in_userns ? "yes\n" : "not in a user namespace\n");
}

static void put_all(struct buf *out, const struct facts *facts, const struct roots *roots)
{
	const char *user = facts->user ? facts->user : "no name";
	put_text(out, "version:", TARE_VERSION);
	put_text(out, "kernel:",
		 arena_printf(out->arena, "Linux %u.%u, %s", facts->kernel_major,
			      facts->kernel_minor, facts->machine));
	put_text(out, "caller:", arena_printf(out->arena, "%s (%u)", user, facts->uid));
	put_text(out, "root:", roots->root);
	put_text(out, "runroot:", roots->runroot);
	put_limits(out, facts);
	put_devices(out, facts);
	put_users(out, facts);
}

int info_main(struct command_call *call, int argc, char **argv)
{
	struct info_opts opts = {0};
	struct opt_list rest = {0};
	struct roots roots;
	struct facts facts;
	int result = command_opts(call, &info_table, argc, argv, &opts, &rest);
	if (result)
		return result;
	TRY(opt_count(call->arena, &info_table, &rest, 0, 0));
	TRY(command_roots(call, &roots));
	unsigned want =
		geteuid() ? FACTS_USER_NAMESPACE | FACTS_OVERLAY | FACTS_DELEGATED : FACTS_CHEAP;
	TRY(facts_gather(call->arena, want, &(struct facts_places){.layers = roots.root}, &facts));
	if (!facts.uid)
		facts_idmapped_layers(call->arena, roots.root, &facts);

	struct buf text = buf_new(call->arena, 64 * 1024);
	if (opts.json) {
		struct str json = facts_to_json(call->arena, &facts);
		buf_add(&text, json.p, json.n);
		buf_puts(&text, json.n && json.p[json.n - 1] == '\n' ? "" : "\n");
		return msg_print(&text);
	}
	put_all(&text, &facts, &roots);
	return msg_print(&text);
}
