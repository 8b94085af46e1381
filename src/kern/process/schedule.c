// SPDX-License-Identifier: Apache-2.0
// schedule.c - how soon a process gets a processor, a disk, and memory of which node
//
// Three schedulers, three calls, and a fourth for which processors there are to have.
// sched_setattr(2) chooses how the processor is shared: by turns (nice), by rank (FIFO, RR), by
// deadlines. ioprio_set(2) does the same for requests to disks whose I/O scheduler heeds it.
// set_mempolicy(2) says from which memory nodes pages come on machines that have several.
#include "kern/process/schedule.h"

#include "base/sys.h"

#include <linux/ioprio.h>

// The C library's headers have it only where the kernel's do, which clash with <sched.h>.
struct attributes {
	uint32_t size;
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime;
	uint64_t deadline;
	uint64_t period;
	uint32_t util_min;
	uint32_t util_max;
};

int schedule_set(const struct schedule *schedule)
{
	struct attributes attributes = {
		.size = sizeof(attributes),
		.policy = schedule->policy,
		.flags = schedule->flags,
		.nice = schedule->nice,
		.priority = schedule->priority,
		.runtime = schedule->runtime,
		.deadline = schedule->deadline,
		.period = schedule->period,
	};
	return (int)sys_call(SYS_sched_setattr, 0, &attributes, 0);
}

int schedule_set_io(unsigned kind, unsigned level)
{
	return (int)sys_call(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0,
			     kind << IOPRIO_CLASS_SHIFT | level);
}

int schedule_set_memory(unsigned mode, const char *nodes)
{
	uint64_t bits[SCHEDULE_NODES_MAX / 64] = {0};
	if (!nodes || !*nodes)
		return (int)sys_call(SYS_set_mempolicy, mode, NULL, 0);
	int result = schedule_read_list(nodes, bits, SCHEDULE_NODES_MAX);
	if (result < 0)
		return result;
	return (int)sys_call(SYS_set_mempolicy, mode, bits, SCHEDULE_NODES_MAX + 1);
}

int schedule_set_processors(const char *list)
{
	uint64_t bits[SCHEDULE_PROCESSORS_MAX / 64];
	memset(bits, 0xff, sizeof(bits)); // the kernel takes those away that are not to be had
	if (list)
		TRY(schedule_read_list(list, bits, SCHEDULE_PROCESSORS_MAX));
	return (int)min_of(sys_call(SYS_sched_setaffinity, 0, sizeof(bits), bits), 0L);
}

static int read_number(const char **at, size_t n_bits, size_t *ret_number)
{
	size_t number = 0;
	const char *from = *at;
	for (; **at >= '0' && **at <= '9'; ++*at) {
		number = number * 10 + (size_t)(**at - '0');
		if (number >= n_bits)
			return -ERANGE;
	}
	*ret_number = number;
	return *at == from ? -EINVAL : 0;
}

static void skip_blanks(const char **at)
{
	while (**at == ' ')
		++*at;
}

// "3" or "0-3".
static int read_range(const char **at, uint64_t *bits, size_t n_bits)
{
	size_t first, last;
	TRY(read_number(at, n_bits, &first));
	last = first;
	skip_blanks(at);
	if (**at == '-') {
		++*at;
		skip_blanks(at);
		TRY(read_number(at, n_bits, &last));
		skip_blanks(at);
	}
	if (last < first)
		return -EINVAL;
	for (size_t i = first; i <= last; i++)
		bits[i / 64] |= 1ull << i % 64;
	return 0;
}

int schedule_read_list(const char *text, uint64_t *bits, size_t n_bits)
{
	const char *at = text;
	memset(bits, 0, n_bits / 8);
	for (;;) {
		skip_blanks(&at);
		TRY(read_range(&at, bits, n_bits));
		if (!*at)
			return 0;
		if (*at++ != ',')
			return -EINVAL;
	}
}
