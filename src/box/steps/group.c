// SPDX-License-Identifier: Apache-2.0
// group.c - steps that prepare the place where a container's cgroups are made
#include "box/steps/unit_stop.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/program.h"
#include "box/steps/op.h"
#include "box/steps/walk.h"
#include "kern/cgroup/cgroup.h"
#include "kern/cgroup/file.h"

#include <fcntl.h>
#include <unistd.h>

// --- scope --------------------------------------------------------------------------------------

// Where a process is in the tree of v2, seen from our own.
static int group_of(struct arena *arena, pid_t pid, struct str *ret_path)
{
	struct str text;
	struct cgroup_line line;
	const char *file = arena_printf(arena, "/proc/%d/cgroup", (int)pid);
	int result = file_read_small(arena, file, CGROUP_FILE_MAX, &text);
	if (result)
		return fail_sys(result, "read '%s'", file);
	while ((result = cgroup_file_next(&text, &line)) == 0) {
		if (line.hierarchy != 0)
			continue;
		*ret_path = line.path;
		return 0;
	}
	return fail(-ENOENT, "'%s': no cgroup v2 in it", file);
}

// a: the unit's name; b: its slice; c: its group, from the top of the tree. Whoever walks on is
// moved: tare, or the shell that a script runs in.
static int scope_run(struct walk *walk, const struct step *step)
{
	struct arena *arena = walk->arena;
	struct str reply, path = {0};
	pid_t pid = walk->pid > 0 ? walk->pid : getpid();
	const char *const arguments[] = {
		arena_printf(arena, "unix:path=/run/user/%u/bus", geteuid()),
		step->a,
		step->b,
		arena_printf(arena, "%d", (int)pid),
		NULL,
	};
	const struct program program = {.name = "tare-scope", .arguments = arguments};
	TRY(program_run(arena, &program, &reply));
	TRY(group_of(arena, pid, &path));
	if (!str_is(path, step->c))
		return fail(-ESTALE, "scope '%s': expected at '%s', but it is at '%.*s'", step->a,
			    step->c, (int)path.n, path.p);
	return 0;
}

static void scope_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "ask systemd for the scope %s in %s, and move there", step->a,
		   step->b);
	buf_printf(
		say->call,
		"StartTransientUnit(\"%s\", Slice=%s, Delegate=yes, PIDs=tare) on the bus of the "
		"user's service manager",
		step->a, step->b);
}

static void scope_script(struct buf *out, const struct plan *plan unused_, const struct step *step)
{
	struct buf word = buf_new(out->arena, 4096);
	step_text(&word, step);
	buf_puts(out, "\"$tare\" step --pid $$ ");
	buf_shell(out, word.p);
	buf_putc(out, '\n');
}

const struct op_row op_scope = {
	.name = "scope",
	.operands = "abc",
	.lore =
		{
			.why = "the tree of cgroups is root's; an ordinary user's part of it belongs "
			       "to his service manager, which hands a piece on when it is asked. Only "
			       "who stands in that piece can start a process in it",
			.without =
				"the kernel would let the user make no group and move no process",
			.look = "systemctl --user status 'tare-*.scope'; it goes with its last process",
		},
	.run = scope_run,
	.say = scope_say,
	.script = scope_script,
};

// --- unit ---------------------------------------------------------------------------------------

enum { PROPERTIES_MAX = 128 };

// What the helper is called with, behind its name.
static int unit_arguments(const struct walk *walk, const struct step *step, const char **arguments)
{
	struct arena *arena = walk->arena;
	struct str rest = str_of(step->c);
	size_t n = 0;
	arguments[n++] = walk->plan->facts->bus;
	arguments[n++] = step->a;
	arguments[n++] = step->b;
	arguments[n++] = arena_printf(arena, "%d", (int)walk->pid);
	for (struct str line; (line = str_line(&rest)).p;
	     arguments[n++] = arena_dup_n(arena, line.p, line.n))
		if (n + 1 == PROPERTIES_MAX)
			return fail(-E2BIG, "scope '%s': more than %d properties", step->a,
				    PROPERTIES_MAX);
	arguments[n] = NULL;
	return 0;
}

// Where it is now must be where the plan's values will be written.
static int open_group(struct walk *walk, const char *unit)
{
	struct str path;
	const struct plan *plan = walk->plan;
	TRY(group_of(walk->arena, walk->pid, &path));
	if (!path.n || !str_is((struct str){path.p + 1, path.n - 1}, plan->cgroup_name))
		return fail(-ESTALE, "scope '%s': expected at '/%s', but it is at '%.*s'", unit,
			    plan->cgroup_name, (int)path.n, path.p);
	const char *directory =
		arena_printf(walk->arena, "%s/%s", plan->facts->cgroup2, plan->cgroup_name);
	walk->slot[SLOT_CGROUP2] = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return walk->slot[SLOT_CGROUP2] < 0 ? fail_sys(-errno, "open cgroup '%s'", directory) : 0;
}

// a: the unit's name; b: its slice; c: its properties, a line each (kern/cgroup/unit.h).
static int unit_run(struct walk *walk, const struct step *step)
{
	const char *arguments[PROPERTIES_MAX];
	struct str reply;
	TRY(unit_arguments(walk, step, arguments));
	const struct program program = {.name = "tare-scope", .arguments = arguments};
	TRY(program_run(walk->arena, &program, &reply));
	return open_group(walk, step->a);
}

static int unit_undo(struct walk *walk, const struct step *step)
{
	fd_close(&walk->slot[SLOT_CGROUP2]);
	return unit_stop(walk->arena, walk->plan->facts->bus, step->a);
}

int unit_stop(struct arena *arena, const char *bus, const char *unit)
{
	const char *const arguments[] = {bus, unit, NULL};
	const struct program program = {.name = "tare-scope", .arguments = arguments};
	struct str reply;
	return program_run(arena, &program, &reply);
}

static void unit_say(struct say *say, const struct plan *plan, const struct step *step)
{
	buf_printf(say->title, "ask systemd for the scope %s in %s, with the new process in it",
		   step->a, step->b);
	buf_printf(say->call,
		   "StartTransientUnit(\"%s\", Slice=%s, Delegate=yes, PIDs=…) on the bus %s",
		   step->a, step->b, plan->facts->bus);
}

const struct op_row op_unit = {
	.name = "unit",
	.operands = "abc",
	.lore =
		{
			.why = "where systemd runs the host the tree of cgroups is its own: it makes "
			       "the group, knows it by a name, and leaves to us what is in it",
			.without =
				"systemd could put the container's processes, or its limits, back "
				"to what it knows",
			.look = "systemctl status 'NAME.scope'; systemd-cgls",
		},
	.run = unit_run,
	.undo = unit_undo,
	.say = unit_say,
};

// --- cgroup-own ---------------------------------------------------------------------------------

// a: the group; b: the words that hand controllers down in it; c: those that take them back.
static int cgroup_own_run(struct walk *walk unused_, const struct step *step)
{
	return cgroup_take_over(step->a, step->b ? step->b : "");
}

static int cgroup_own_undo(struct walk *walk unused_, const struct step *step)
{
	cgroup_leave(step->a, step->c ? step->c : "");
	return 0;
}

static void cgroup_own_say(struct say *say, const struct plan *plan unused_,
			   const struct step *step)
{
	buf_puts(say->title, "make room in the cgroup that is ours: tare goes into a group below");
	buf_printf(say->call,
		   "mkdir(\"%s/" CGROUP_SUPERVISOR "\"); write(\"…/" CGROUP_SUPERVISOR
		   "/cgroup.procs\", \"0\"); write(\"…/cgroup.subtree_control\", \"%s\")",
		   step->a, step->b ? step->b : "");
}

static void cgroup_own_script(struct buf *out, const struct plan *plan unused_,
			      const struct step *step)
{
	buf_printf(out,
		   "mkdir -p %s/" CGROUP_SUPERVISOR "\necho $$ >%s/" CGROUP_SUPERVISOR
		   "/cgroup.procs\n",
		   step->a, step->a);
	if (step->b && *step->b)
		buf_printf(out, "echo '%s' >%s/cgroup.subtree_control\n", step->b, step->a);
}

const struct op_row op_cgroup_own = {
	.name = "cgroup-own",
	.operands = "abc",
	.lore =
		{
			.why = "on cgroup v2 a group either holds processes or hands controllers "
			       "down to groups below it, never both. So tare moves aside, and the "
			       "container gets a group beside it",
			.without = "the container's group would have no memory.max and its like",
			.look = "systemd-cgls --user-unit 'tare-*.scope'",
		},
	.run = cgroup_own_run,
	.undo = cgroup_own_undo,
	.say = cgroup_own_say,
	.script = cgroup_own_script,
};

// --- cgroup-parent ------------------------------------------------------------------------------

// a: the tree; b: the path below it; c: its controllers.
static int cgroup_parent_run(struct walk *walk unused_, const struct step *step)
{
	return cgroup_make_parents(step->a, step->b);
}

static void cgroup_parent_say(struct say *say, const struct plan *plan unused_,
			      const struct step *step)
{
	buf_printf(say->title, "make the cgroup '%s' for %s, where it is not there yet", step->b,
		   step->c);
	buf_printf(say->call, "mkdir(\"%s/%s\", 0755), name by name", step->a, step->b);
}

// A cpuset of v1 that is new is empty.
static void fill_script(struct buf *out, const char *tree, const char *path)
{
	static const char *const files[] = {"cpuset.cpus", "cpuset.mems"};
	const char *directory = tree;
	for (struct str rest = str_of(path); rest.p;) {
		struct str part = str_cut(&rest, '/');
		directory = arena_printf(out->arena, "%s/%.*s", directory, (int)part.n, part.p);
		for (size_t i = 0; i < lengthof(files); i++)
			buf_printf(out,
				   "if [ -z \"$(cat %s/%s)\" ]; then cat %s/../%s >%s/%s; fi\n",
				   directory, files[i], directory, files[i], directory, files[i]);
	}
}

static void cgroup_parent_script(struct buf *out, const struct plan *plan, const struct step *step)
{
	buf_printf(out, "mkdir -p %s/%s\n", step->a, step->b);
	const struct facts_controller *cpuset = &plan->facts->controller[CONTROLLER_CPUSET];
	if (cpuset->kind == CGROUP_V1 && str_eq(cpuset->directory, step->a))
		fill_script(out, step->a, step->b);
}

const struct op_row op_cgroup_parent = {
	.name = "cgroup-parent",
	.operands = "abc",
	.lore =
		{
			.why = "what a group is limited to holds for all groups in it together: "
			       "containers that share one share its limits",
			.without = "there would be no place to make the container's own group in",
			.look = "cat /proc/PID/cgroup; the group stays when the container has ended",
		},
	.run = cgroup_parent_run,
	.say = cgroup_parent_say,
	.script = cgroup_parent_script,
};
