// SPDX-License-Identifier: Apache-2.0
// script.c - a plan as a shell script of unshare(1), mount(8) and echo
//
// The script has three parts:
//
//	outside   HOST's steps, and entering the cgroups, in a shell of the host
//	inside    INIT's steps up to the pivot, in a second shell that unshare(1) starts: its text
// is 	          handed over on descriptor 3 	tare      the steps after the pivot: the new root
// may hold no umount, no setpriv, not even a 	          shell, so tare's own program, kept open as
// descriptor 9, takes them. Each is a word 	          that `tare step` reads (plan.h: step_text)
//
// One command stands on a line, since a failure inside an && list would not stop a shell under
// `set -e`. Values of the user's variables are not printed: they come from the environment of
// whoever runs the script, and the script refuses to start without them.
#include "box/readings/script.h"

#include "base/json_write.h"
#include "box/steps/op.h"
#include "kern/cgroup/cgroup.h"
#include "kern/namespaces/namespace.h"

#include <sched.h>

enum { COMMAND_MAX = 64 * 1024, COLUMNS = 78 };

// Where a step is taken.
enum part { PART_OUTSIDE, PART_INSIDE, PART_TARE, PART_NONE };

static enum part part_of(const struct plan *plan, size_t i)
{
	const struct step *step = &plan->steps[i];
	switch (step->op) {
	case OP_HOLD:
	case OP_NAMESPACE_OPEN:
	case OP_MID:
	case OP_UNDUMPABLE:
	case OP_JOIN:
	case OP_CLOCKS:
	case OP_CLONE:
	case OP_ID_MAP:
	case OP_DIE_WITH_PARENT:
	case OP_CGROUP_VIEW:
	case OP_BECOME_ROOT:
	case OP_UNIT:          // of bundles alone, which have no script
	case OP_SECCOMP_WATCH: // a script of these is refused
	case OP_SECCOMP_AGENT: // a script's filter has no listener: the kernel answers ENOSYS
		// unshare(1) does the others.
		return PART_NONE;
	case OP_CLEAN_SLATE:
		return PART_TARE;
	case OP_CGROUP_JOIN:
	case OP_OOM_SCORE: // by the shell, whose children have it from there
		return PART_OUTSIDE;
	case OP_EXEC:
		return PART_NONE;
	default:
		break;
	}
	if (step->actor == ACTOR_HOST || step->actor == ACTOR_LATER)
		return PART_OUTSIDE;
	return op_row(step->op)->script ? PART_INSIDE : PART_TARE;
}

static const char *title_of(struct arena *arena, const struct plan *plan, const struct step *step)
{
	struct buf title = buf_new(arena, COMMAND_MAX), call = buf_new(arena, COMMAND_MAX);
	struct say say = {&title, &call};
	op_row(step->op)->say(&say, plan, step);
	return title.p;
}

// A comment in lines of bearable length.
static void add_comment(struct buf *out, const char *text)
{
	struct str rest = str_of(text), word;
	size_t column = 0;
	while ((word = str_word(&rest)).p) {
		if (column && column + 1 + word.n > COLUMNS) {
			buf_putc(out, '\n');
			column = 0;
		}
		buf_putc(out, column ? ' ' : '#');
		if (!column)
			buf_putc(out, ' ');
		buf_add(out, word.p, word.n);
		column += word.n + (column ? 1 : 2);
	}
	buf_putc(out, '\n');
}

static void add_step_comment(struct buf *out, const struct plan *plan, size_t i)
{
	const struct step *step = &plan->steps[i];
	add_comment(out,
		    arena_printf(out->arena, "%zu: %s", i + 1, title_of(out->arena, plan, step)));
}

// The command of one step, or its word for `tare step`.
static struct buf command_of(struct arena *arena, const struct plan *plan, size_t i)
{
	const struct step *step = &plan->steps[i];
	struct buf command = buf_new(arena, COMMAND_MAX);
	if (part_of(plan, i) == PART_TARE) {
		struct buf word = buf_new(arena, COMMAND_MAX);
		step_text(&word, step);
		buf_shell(&command, word.p);
	} else if (op_row(step->op)->script) {
		op_row(step->op)->script(&command, plan, step);
	}
	return command;
}

static void add_part(struct buf *out, const struct plan *plan, enum part part)
{
	for (size_t i = 0; i < plan->steps_n; i++) {
		if (part_of(plan, i) != part)
			continue;
		add_step_comment(out, plan, i);
		buf_puts(out, command_of(out->arena, plan, i).p);
	}
}

// What a shell can name; others pass through it as they are, or are dropped by it.
static bool is_identifier(const char *name)
{
	return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
		       strlen(name) &&
	       !(*name >= '0' && *name <= '9');
}

static void add_head(struct buf *out, const struct plan *plan, const struct script_want *want)
{
	const struct box_spec *spec = plan->spec;
	buf_puts(out, "#!/bin/sh\n");
	add_comment(out,
		    "Builds the container that tare would start, with the programs of any Linux "
		    "host. The numbers are those of tare run --explain. For root file systems "
		    "that you trust: mount(8) follows symbolic links in them, tare does not.");
	buf_puts(out, "set -eu\n");
	buf_puts(out, "umask 0022\ntare=");
	buf_shell(out, want->program);
	buf_puts(out, "\nstate=");
	buf_shell(out, spec->state);
	buf_puts(out, "\nroot=$state/root\n");
	if (spec->root == BOX_ROOT_OVERLAY) {
		buf_puts(out, "layer=");
		buf_shell(out, spec->layers.item[0]);
		buf_putc(out, '\n');
	}
	for (size_t i = 0; i < spec->secret_env.n; i++)
		if (is_identifier(spec->secret_env.item[i]))
			buf_printf(out, ": \"${%s?this container wants the variable %s}\"\n",
				   spec->secret_env.item[i], spec->secret_env.item[i]);
	buf_puts(out, "export state root\n\n");
}

// The id that stands for the caller.
static uint32_t single_id(const struct id_map *map, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (map[i].count == 1)
			return map[i].inside;
	return 0;
}

// unshare(1) makes the hole for the caller's own id in the range by itself.
static void add_maps(struct buf *out, const struct plan *plan, uint32_t user, uint32_t group)
{
	const struct facts *facts = plan->facts;
	buf_printf(out, " --map-user=%u --map-group=%u", user, group);
	if (plan->maps.uid_n > 1)
		buf_printf(out, " --map-users=%u,%u,%u", facts->subuid.first, user == 0,
			   facts->subuid.count);
	if (plan->maps.gid_n > 1)
		buf_printf(out, " --map-groups=%u,%u,%u", facts->subgid.first, group == 0,
			   facts->subgid.count);
}

// Whether nsenter(1) goes before unshare(1). It forks for a pid namespace, and keeps the caller's
// ids, which in the user namespace mean what its maps say.
static void add_nsenter(struct buf *out, const struct plan *plan)
{
	bool begun = false;
	for (size_t i = 0; i < plan->steps_n; i++) {
		const struct step *step = &plan->steps[i];
		if (step->op != OP_NAMESPACE_OPEN)
			continue;
		if (!begun)
			buf_puts(out, "nsenter --preserve-credentials");
		begun = true;
		buf_printf(out, " --%s=", namespace_find(step->a)->file);
		buf_shell(out, step->b);
	}
	if (begun)
		buf_puts(out, " \\\n\t");
}

static void add_unshare(struct buf *out, const struct plan *plan)
{
	static const struct {
		uint64_t flag;
		const char *option;
	} options[] = {
		{CLONE_NEWUSER, "--user"}, {CLONE_NEWNS, "--mount"}, {CLONE_NEWPID, "--pid --fork"},
		{CLONE_NEWNET, "--net"},   {CLONE_NEWIPC, "--ipc"},  {CLONE_NEWUTS, "--uts"},
	};
	add_nsenter(out, plan);
	buf_puts(out, "unshare --kill-child");
	for (size_t i = 0; i < lengthof(options); i++)
		if (plan->namespaces & options[i].flag)
			buf_printf(out, " %s", options[i].option);
	if (oci_namespace_is_own(&plan->spec->oci.linux_, "cgroup"))
		buf_puts(out, " --cgroup");
	if (oci_namespace_is_own(&plan->spec->oci.linux_, "time"))
		buf_printf(out, " --time --monotonic %lld --boottime %lld",
			   (long long)plan->spec->oci.linux_.time_offsets.monotonic.secs,
			   (long long)plan->spec->oci.linux_.time_offsets.boottime.secs);
	if (plan_keeps_source(plan))
		buf_puts(out, " --propagation unchanged");
	if (!(plan->namespaces & CLONE_NEWUSER))
		return;
	uint32_t user = single_id(plan->maps.uid, plan->maps.uid_n);
	uint32_t group = single_id(plan->maps.gid, plan->maps.gid_n);
	bool ranges = plan->maps.uid_n > 1;
	add_maps(out, plan, user, group);
	// The root of the namespace sets it up; where there is none, capabilities are kept.
	if (user || group)
		buf_puts(out, ranges && !plan->spec->keep_groups ? " --setuid 0 --setgid 0"
								 : " --keep-caps");
}

static void add_environment(struct buf *out, const struct plan *plan)
{
	for (size_t i = 0; i < plan->envp_n; i++) {
		const char *variable = plan->envp[i];
		buf_puts(out, "\t--env ");
		if (plan_is_secret(plan, variable))
			buf_shell(out, arena_dup_n(out->arena, variable, strcspn(variable, "=")));
		else
			buf_shell(out, variable);
		buf_puts(out, " \\\n");
	}
	if (plan->home)
		buf_puts(out, "\t--home \\\n");
	if (plan->spec->init)
		buf_puts(out, "\t--init \\\n");
}

static void add_tare(struct buf *out, const struct plan *plan)
{
	add_comment(out,
		    "From here on the root is the container's, which may hold no program at all. "
		    "tare takes the other steps; each line is one of them.");
	buf_puts(out, "exec /proc/self/fd/9 step \\\n");
	for (size_t i = 0; i < plan->steps_n; i++)
		if (part_of(plan, i) == PART_TARE)
			buf_printf(out, "\t%s \\\n", command_of(out->arena, plan, i).p);
	add_environment(out, plan);
	buf_puts(out, "\t--");
	for (size_t i = 0; plan->argv[i]; i++) {
		buf_putc(out, ' ');
		buf_shell(out, plan->argv[i]);
	}
	buf_putc(out, '\n');
}

static void add_joins(struct buf *out, const struct plan *plan)
{
	const struct step *group = NULL;
	for (size_t i = 0; i < plan->steps_n; i++)
		if (plan->steps[i].op == OP_CGROUP && plan->steps[i].k == 2)
			group = &plan->steps[i];
	if (!group)
		return;
	add_comment(out,
		    "tare's child is born in the cgroup (CLONE_INTO_CGROUP); a shell enters it");
	buf_printf(out, "echo 0 >%s/cgroup.procs\n", group->a);
}

static void add_cleaning(struct buf *out, const struct plan *plan)
{
	add_comment(out, "What outlives the container is taken back, in reverse.");
	for (size_t i = plan->steps_n; i-- > 0;) {
		const struct step *step = &plan->steps[i];
		if (step->op == OP_CGROUP)
			buf_printf(out, "rmdir %s\n", step->a);
		if (step->op == OP_CGROUP_OWN)
			buf_printf(out,
				   "echo '%s' >%s/cgroup.subtree_control\n"
				   "echo $$ >%s/cgroup.procs\nrmdir %s/" CGROUP_SUPERVISOR "\n",
				   step->c ? step->c : "", step->a, step->a, step->a);
	}
	if (plan->maps.uid_n) {
		buf_puts(out, "unshare --user");
		add_maps(out, plan, 0, 0);
		buf_putc(out, ' ');
	}
	buf_puts(out, "rm -rf \"$state\"\nexit \"$status\"\n");
}

// Where a bind has U: the user is one of the root's own files.
static void add_give_away(struct buf *out, const struct plan *plan)
{
	bool wanted = false;
	for (size_t i = 0; i < plan->steps_n; i++)
		wanted = wanted || (plan->steps[i].op == OP_BIND && plan->steps[i].n & MOUNT_CHOWN);
	if (!wanted)
		return;
	add_comment(out, "gives a tree to USER[:GROUP] of the root; a text of digits is a number");
	buf_puts(out, "number() {\n"
		      "case $2 in\n*[!0-9]*) awk -F: -v n=\"$2\" "
		      "'$1 == n { print $3; exit }' \"$root/etc/$1\" ;;\n"
		      "*) echo \"$2\" ;;\nesac\n}\n"
		      "give_away() {\n"
		      "user=$(number passwd \"${2%%:*}\")\n"
		      "case $2 in\n*:*) group=$(number group \"${2#*:}\") ;;\n"
		      "*) group=$(awk -F: -v n=\"$user\" '$3 == n { print $4; exit }' "
		      "\"$root/etc/passwd\") ;;\nesac\n"
		      "find \"$1\" -xdev -exec chown -h \"$user:${group:-0}\" {} +\n}\n");
}

static void add_all(struct buf *out, const struct plan *plan, const struct script_want *want)
{
	bool join = true;
	add_head(out, plan, want);
	for (size_t i = 0; i < plan->steps_n; i++) {
		if (part_of(plan, i) != PART_OUTSIDE)
			continue;
		bool own = plan->steps[i].op == OP_CGROUP_JOIN || plan->steps[i].op == OP_OOM_SCORE;
		if (own && join) {
			buf_puts(out, "status=0\n(\n");
			join = false;
		}
		add_step_comment(out, plan, i);
		buf_puts(out, command_of(out->arena, plan, i).p);
	}
	if (join)
		buf_puts(out, "status=0\n(\n");
	add_joins(out, plan);
	buf_puts(out, "exec 9<\"$tare\"\n");
	add_comment(out,
		    "a process in new namespaces, as number 1; it is killed when this one dies");
	buf_puts(out, "exec ");
	add_unshare(out, plan);
	buf_puts(out, " \\\n\tsh -eu /proc/self/fd/3 3<<'INSIDE'\n");
	add_comment(out, "changes a mount and all below it, for which mount(8) has had a word only "
			 "since 2.39");
	buf_puts(out, "remount_all() {\n"
		      "findmnt -rno TARGET -R \"$1\" | while read -r mount; do\n"
		      "mount -o \"remount,bind,$2\" \"$(printf %b \"$mount\")\"\n"
		      "done\n}\n");
	add_give_away(out, plan);
	add_part(out, plan, PART_INSIDE);
	add_tare(out, plan);
	buf_puts(out, "INSIDE\n) || status=$?\n");
	add_cleaning(out, plan);
}

static void add_json(struct buf *out, const struct plan *plan)
{
	struct json_writer json = json_writer_new(out, JSON_INDENTED);
	static const char *const places[] = {"outside", "inside", "tare step", "unshare"};
	json_open_list(&json);
	for (size_t i = 0; i < plan->steps_n; i++) {
		json_open_object(&json);
		json_key(&json, "step");
		json_put_uint(&json, i + 1);
		json_key(&json, "what");
		json_put_text(&json, title_of(out->arena, plan, &plan->steps[i]));
		json_key(&json, "where");
		json_put_text(&json, places[part_of(plan, i)]);
		json_key(&json, "shell");
		json_put_text(&json, command_of(out->arena, plan, i).p);
		json_close_object(&json);
	}
	json_close_list(&json);
	buf_putc(out, '\n');
}

void plan_script(struct buf *out, const struct plan *plan, const struct script_want *want)
{
	if (want->json)
		add_json(out, plan);
	else
		add_all(out, plan, want);
}
