// SPDX-License-Identifier: Apache-2.0
// schedule.c - the part of a plan that asks for processors, disks and near memory
//
// The kernel judges what may be asked for and what goes together; here words become its numbers.
#include "box/plan/builder.h"

#include "base/fail.h"
#include "kern/process/schedule.h"
#include "oci/words.h"

#include <inttypes.h>

static int number_of(const struct shape_word *words, const char *place, const char *word,
		     uint64_t *ret_number)
{
	const struct shape_word *row = shape_word_find(words, word);
	if (!row)
		return fail(-EINVAL, "%s: there is no '%s'", place, word);
	*ret_number = row->value;
	return 0;
}

static int flags_of(const struct shape_word *words, const char *place,
		    const struct oci_strings *list, uint64_t *ret_flags)
{
	uint64_t flags = 0, one = 0;
	for (size_t i = 0; i < list->n; i++) {
		TRY(number_of(words, place, list->item[i], &one));
		flags |= one;
	}
	*ret_flags = flags;
	return 0;
}

static int add_scheduler(struct builder *builder)
{
	const struct oci_scheduler *wanted = &builder->spec->oci.process.scheduler;
	uint64_t policy = 0, flags = 0;
	if (!wanted->policy)
		return 0;
	TRY(number_of(oci_scheduler_policies, "scheduler", wanted->policy, &policy));
	TRY(flags_of(oci_scheduler_flags, "scheduler", &wanted->flags, &flags));
	const char *numbers = arena_printf(
		builder->arena,
		"%" PRIu64 " %" PRId64 " %" PRId64 " %" PRIu64 " %" PRIu64 " %" PRIu64, flags,
		wanted->nice, wanted->priority, wanted->runtime, wanted->deadline, wanted->period);
	plan_add_texts(builder, ACTOR_INIT, OP_SCHEDULER, wanted->policy, numbers, NULL)->k =
		(int32_t)policy;
	return 0;
}

static int add_io_priority(struct builder *builder)
{
	const struct oci_io_priority *wanted = &builder->spec->oci.process.io_priority;
	uint64_t kind = 0;
	if (!wanted->class)
		return 0;
	TRY(number_of(oci_io_classes, "ioPriority", wanted->class, &kind));
	struct step *step =
		plan_add_texts(builder, ACTOR_INIT, OP_IO_PRIORITY, wanted->class, NULL, NULL);
	step->k = (int32_t)kind;
	step->n = (uint64_t)wanted->priority;
	return 0;
}

static int add_memory_policy(struct builder *builder)
{
	const struct oci_memory_policy *wanted = &builder->spec->oci.linux_.memory_policy;
	const char *nodes = wanted->nodes && *wanted->nodes ? wanted->nodes : NULL;
	uint64_t mode = 0, flags = 0, bits[SCHEDULE_NODES_MAX / 64];
	if (!wanted->mode)
		return 0;
	TRY(number_of(oci_memory_modes, "memoryPolicy", wanted->mode, &mode));
	TRY(flags_of(oci_memory_flags, "memoryPolicy", &wanted->flags, &flags));
	if (nodes && schedule_read_list(nodes, bits, SCHEDULE_NODES_MAX) < 0)
		return fail(-EINVAL, "memoryPolicy: nodes '%s': not a list such as 0-3,7", nodes);
	struct buf words = buf_new(builder->arena, 1024);
	buf_puts(&words, wanted->mode);
	for (size_t i = 0; i < wanted->flags.n; i++)
		buf_printf(&words, "|%s", wanted->flags.item[i]);
	plan_add_texts(builder, ACTOR_INIT, OP_MEMORY_POLICY, words.p, nodes, NULL)->k =
		(int32_t)(mode | flags);
	return 0;
}

int plan_add_schedule(struct builder *builder)
{
	TRY(add_memory_policy(builder));
	TRY(add_io_priority(builder));
	return add_scheduler(builder);
}
