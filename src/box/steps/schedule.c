// SPDX-License-Identifier: Apache-2.0
// schedule.c - steps that say how soon the container gets processors, disks, near memory
//
// A cgroup bounds and weighs all processes of a container together; these are traits of the one
// process that becomes the workload, and of what it starts.
#include "box/steps/op.h"

#include "box/steps/walk.h"
#include "kern/process/schedule.h"

// --- scheduler ----------------------------------------------------------------------------------

// A number of `text`, which ends at a blank or the end; moves on to the next. Plain digits, or "-"
// before them: plan/schedule.c wrote it.
static int64_t next_number(const char **text)
{
	bool negative = **text == '-';
	uint64_t number = 0;
	*text += negative;
	while (**text >= '0' && **text <= '9')
		number = number * 10 + (uint64_t)(*(*text)++ - '0');
	*text += **text == ' ';
	return negative ? -(int64_t)number : (int64_t)number;
}

// a: policy; k: its number; b: flags, nice, priority, runtime, deadline, period.
static int scheduler_run(struct walk *walk unused_, const struct step *step)
{
	const char *rest = step->b;
	struct schedule schedule = {.policy = (uint32_t)step->k};
	schedule.flags = (uint64_t)next_number(&rest);
	schedule.nice = (int32_t)next_number(&rest);
	schedule.priority = (uint32_t)next_number(&rest);
	schedule.runtime = (uint64_t)next_number(&rest);
	schedule.deadline = (uint64_t)next_number(&rest);
	schedule.period = (uint64_t)next_number(&rest);
	return schedule_set(&schedule);
}

static void scheduler_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "have the processor given by %s", step->a);
	buf_printf(say->call,
		   "sched_setattr(0, {%s, flags nice priority runtime deadline period %s})",
		   step->a, step->b);
}

const struct op_row op_scheduler = {
	.name = "scheduler",
	.operands = "akb",
	.lore =
		{
			.why = "process.scheduler: most processes take turns, a few need the "
			       "processor at once, or by a deadline; to ask for more than "
			       "others takes CAP_SYS_NICE",
			.without = "the container would have its caller's policy and nice value",
			.look = "chrt -p PID; ps -o cls,ni,pri -p PID",
		},
	.run = scheduler_run,
	.say = scheduler_say,
};

// --- io-priority --------------------------------------------------------------------------------

// a: class; k: its number; n: the level.
static int io_priority_run(struct walk *walk unused_, const struct step *step)
{
	return schedule_set_io((unsigned)step->k, (unsigned)step->n);
}

static void io_priority_say(struct say *say, const struct plan *plan unused_,
			    const struct step *step)
{
	buf_printf(say->title, "have requests to disks served as %s, level %llu", step->a,
		   (unsigned long long)step->n);
	buf_printf(say->call, "ioprio_set(IOPRIO_WHO_PROCESS, 0, IOPRIO_PRIO_VALUE(%s, %llu))",
		   step->a, (unsigned long long)step->n);
}

const struct op_row op_io_priority = {
	.name = "io-priority",
	.operands = "akn",
	.lore =
		{
			.why = "process.ioPriority: level 0 is served first, 7 last; the I/O "
			       "schedulers bfq and mq-deadline heed it",
			.without = "the container would have its caller's",
			.look = "ionice -p PID",
		},
	.run = io_priority_run,
	.say = io_priority_say,
};

// --- memory-policy ------------------------------------------------------------------------------

// a: mode and flags in words; k: in bits; b: nodes.
static int memory_policy_run(struct walk *walk unused_, const struct step *step)
{
	return schedule_set_memory((unsigned)step->k, step->b);
}

static void memory_policy_say(struct say *say, const struct plan *plan unused_,
			      const struct step *step)
{
	buf_printf(say->title, "take memory by %s", step->a);
	if (step->b)
		buf_printf(say->title, " of the nodes %s", step->b);
	buf_printf(say->call, "set_mempolicy(0x%x, \"%s\")", (unsigned)step->k,
		   step->b ? step->b : "");
}

const struct op_row op_memory_policy = {
	.name = "memory-policy",
	.operands = "akb",
	.lore =
		{
			.why = "linux.memoryPolicy: on a machine with several memory nodes the "
			       "near one is faster; the policy says from which pages come",
			.without = "the container would have its caller's",
			.look = "head -1 /proc/PID/numa_maps",
		},
	.run = memory_policy_run,
	.say = memory_policy_say,
};
