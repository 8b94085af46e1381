// SPDX-License-Identifier: Apache-2.0
// cgroup.c - steps that bound how much a container can use
#include "box/steps/op.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/sys.h"
#include "box/steps/walk.h"
#include "kern/cgroup/cgroup.h"
#include "kern/cgroup/devices.h"

#include <fcntl.h>
#include <sched.h>

// --- cgroup -------------------------------------------------------------------------------------

// k is 2 for the cgroup2 directory that the child will be born into.
static int cgroup_run(struct walk *walk, const struct step *step)
{
	TRY(walk->plan->spec->exact ? cgroup_take(step->a) : cgroup_make(step->a));
	if (step->k != 2)
		return 0;
	int fd = open(step->a, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fail_sys(-errno, "open cgroup '%s'", step->a);
	walk->slot[SLOT_CGROUP2] = fd;
	return 0;
}

// One that could not be had is somebody else's: who is in it lives on.
static int cgroup_undo(struct walk *walk, const struct step *step)
{
	fd_close(&walk->slot[SLOT_CGROUP2]);
	if (walk->failed == walk_index(walk, step) + 1)
		return 0;
	return cgroup_remove(step->a);
}

static void cgroup_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "make a cgroup for %s", step->b);
	buf_printf(say->call, "mkdir(\"%s\", 0755)", step->a);
}

static void cgroup_script(struct buf *out, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(out, "mkdir %s\n", step->a);
}

const struct op_row op_cgroup = {
	.name = "cgroup",
	.operands = "abk",
	.lore =
		{
			.why = "a cgroup is a directory in which the kernel accounts and limits what "
			       "a group of processes uses",
			.without = "one container could take all memory, and nobody could say how "
				   "much it used",
			.look = "cat /proc/PID/cgroup",
		},
	.run = cgroup_run,
	.undo = cgroup_undo,
	.say = cgroup_say,
	.script = cgroup_script,
};

// --- cgroup-set ---------------------------------------------------------------------------------

static int cgroup_set_run(struct walk *walk unused_, const struct step *step)
{
	return cgroup_set(step->a, step->b, step->c);
}

static void cgroup_set_say(struct say *say, const struct plan *plan unused_,
			   const struct step *step)
{
	bool list = strchr(step->c, CGROUP_ENTRY_END);
	if (list)
		buf_printf(say->title, "write a list to %s, entry by entry", step->b);
	else
		buf_printf(say->title, "set %s to %s", step->b, step->c);
	buf_printf(say->call, "write(\"%s/%s\", \"%s\")", step->a, step->b, step->c);
	if (list)
		buf_puts(say->call, ", a call for each");
}

static void cgroup_set_script(struct buf *out, const struct plan *plan unused_,
			      const struct step *step)
{
	struct str rest = str_of(step->c);
	for (struct str entry; (entry = str_cut(&rest, CGROUP_ENTRY_END)).n;)
		buf_printf(out, "echo '%.*s' >%s/%s\n", (int)entry.n, entry.p, step->a, step->b);
}

static const struct lore devices_lore = {
	.why = "a device node is a door into the kernel; this list says which may be opened, whoever "
	       "made the node",
	.without = "root inside could make a node of the host's disk with mknod, and read it",
	.look = "cat /sys/fs/cgroup/devices/tare-*/devices.list",
};

static const struct lore *cgroup_set_lore(const struct plan *plan unused_, const struct step *step)
{
	return str_starts(step->b, "devices.") ? &devices_lore : NULL;
}

const struct op_row op_cgroup_set = {
	.name = "cgroup-set",
	.operands = "abc",
	.lore =
		{
			.why = "a limit is a number written into a file of the cgroup; the kernel "
			       "holds every process in it to that",
			.without = "the limit that was asked for would not be there",
			.look = "cat the file",
		},
	.run = cgroup_set_run,
	.say = cgroup_set_say,
	.script = cgroup_set_script,
	.lore_of = cgroup_set_lore,
};

// --- cgroup-inherit -----------------------------------------------------------------------------

static int cgroup_inherit_run(struct walk *walk unused_, const struct step *step)
{
	return cgroup_inherit(step->a, step->b);
}

static void cgroup_inherit_say(struct say *say, const struct plan *plan unused_,
			       const struct step *step)
{
	buf_printf(say->title, "set %s to what the group above has", step->b);
	buf_printf(say->call, "read(\"%s/../%s\"); write(\"%s/%s\")", step->a, step->b, step->a,
		   step->b);
}

static void cgroup_inherit_script(struct buf *out, const struct plan *plan unused_,
				  const struct step *step)
{
	buf_printf(out, "cat %s/../%s >%s/%s\n", step->a, step->b, step->a, step->b);
}

const struct op_row op_cgroup_inherit = {
	.name = "cgroup-inherit",
	.operands = "ab",
	.lore =
		{
			.why = "on cgroup v1 a new set of processors or memory nodes is empty, and "
			       "the kernel lets no process into it before it has both",
			.without = "no process could enter the group: No space left on device",
			.look = "cat the file",
		},
	.run = cgroup_inherit_run,
	.say = cgroup_inherit_say,
	.script = cgroup_inherit_script,
};

// --- device filter ------------------------------------------------------------------------------

static int device_filter_run(struct walk *walk, const struct step *step unused_)
{
	const struct plan *plan = walk->plan;
	return devices_v2_attach(walk->slot[SLOT_CGROUP2], plan->device_program,
				 plan->device_program_n);
}

static void device_filter_say(struct say *say, const struct plan *plan, const struct step *step)
{
	buf_printf(say->title, "deny all devices but %zu rules, by a program in the kernel",
		   plan->spec->oci.linux_.resources.devices_n);
	buf_printf(say->call,
		   "bpf(BPF_PROG_LOAD, BPF_PROG_TYPE_CGROUP_DEVICE); bpf(BPF_PROG_ATTACH, \"%s\")",
		   step->a);
}

// `tare step` knows the rules that every container has.
static void device_filter_script(struct buf *out, const struct plan *plan, const struct step *step)
{
	const struct box_spec *spec = plan->spec;
	const struct oci_resources *resources = &spec->oci.linux_.resources;
	buf_printf(out, "\"$tare\" step --cgroup %s", step->a);
	for (size_t i = resources->devices_n - spec->device_rules_added; i < resources->devices_n;
	     i++) {
		const struct oci_device_rule *rule = &resources->devices[i];
		struct device_rule plain;
		if (device_rule_make(rule->allow, rule->type, rule->major, rule->minor,
				     rule->access, &plain) < 0)
			continue; // plan_build has refused it
		buf_puts(out, " --device-rule ");
		buf_shell(out, device_rule_text(out->arena, &plain));
	}
	buf_puts(out, " device-filter\n");
}

const struct op_row op_device_filter = {
	.name = "device-filter",
	.operands = "",
	.lore =
		{
			.why = "a device node is a door into the kernel; cgroup v2 has no file of "
			       "rules for them, it asks a small BPF program at each mknod and open",
			.without = "root inside could make a node of the host's disk with mknod, "
				   "and read it",
			.look = "bpftool cgroup show the directory",
		},
	.run = device_filter_run,
	.say = device_filter_say,
	.script = device_filter_script,
};

// --- cgroup join --------------------------------------------------------------------------------

static int cgroup_join_run(struct walk *walk unused_, const struct step *step)
{
	return cgroup_v1_join(step->a);
}

static void cgroup_join_say(struct say *say, const struct plan *plan unused_,
			    const struct step *step)
{
	buf_printf(say->title, "enter the cgroup for %s", step->b);
	buf_printf(say->call, "write(\"%s\", \"0\")", step->a);
}

static void cgroup_join_script(struct buf *out, const struct plan *plan unused_,
			       const struct step *step)
{
	buf_printf(out, "echo 0 >%s\n", step->a);
}

const struct op_row op_cgroup_join = {
	.name = "cgroup-join",
	.operands = "ab",
	.lore =
		{
			.why = "limits hold for the processes that are in the group and for their "
			       "children; 0 means \"me\". The child writes it itself: when another "
			       "does, the kernel waits for every CPU first",
			.without = "the limits would hold for an empty group",
			.look = "cat /proc/PID/cgroup",
		},
	.run = cgroup_join_run,
	.say = cgroup_join_say,
	.script = cgroup_join_script,
};

// --- cgroup view --------------------------------------------------------------------------------

static int cgroup_view_run(struct walk *walk unused_, const struct step *step unused_)
{
	return (int)sys_call(SYS_unshare, CLONE_NEWCGROUP);
}

static void cgroup_view_say(struct say *say, const struct plan *plan unused_,
			    const struct step *step unused_)
{
	buf_puts(say->title, "take the present cgroups for the root of all cgroups");
	buf_puts(say->call, "unshare(CLONE_NEWCGROUP)");
}

const struct op_row op_cgroup_view = {
	.name = "cgroup-view",
	.operands = "",
	.lore =
		{
			.why = "a cgroup namespace begins where its maker stands, so this comes "
			       "after entering them: inside, /proc/self/cgroup then says \"/\"",
			.without = "the container would see where it lies in the host's tree, and "
				   "the names of its neighbours",
			.look = "readlink /proc/PID/ns/cgroup",
		},
	.run = cgroup_view_run,
	.say = cgroup_view_say,
};
