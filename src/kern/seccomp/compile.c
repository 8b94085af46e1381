// SPDX-License-Identifier: Apache-2.0
// compile.c - from the profile's names to spans of numbers
//
// The profile speaks of names, the kernel of numbers, and each ABI numbers differently. For every
// ABI a line of slots is laid out, one for each number that could matter, in ascending order:
//
//	0 … 547       every number up to the last of x32's
//	548           stands for all that follow: newer than our table
//	0xf0001 …     the processor's own calls of arm
//	0xf0007       again all that follow
//
// First each slot has the profile's answer to what it does not name, or to a number that is newer
// than our table; then the profile's rows in force write their answers over it; then neighbours
// with the same answer become one span.
#include "kern/seccomp/seccomp.h"

#include "base/fail.h"
#include "base/str.h"
#include "kern/seccomp/tree.h"
#include "kern/seccomp/syscalls.h"

#include <linux/audit.h>

enum {
	SLOT_ARM = SYSCALLS_X32_LAST + 2,
	SLOTS = SLOT_ARM + SYSCALLS_ARM_LAST - SYSCALLS_ARM_FIRST + 2,
	ANSWERS_MAX = 1024, // distinct ones: Docker's profile has 6
};

struct answer {
	uint32_t action;
	const struct seccomp_rules *rules;
};

// The lines of slots, one for each ABI. (Those of the other machine are filled too and never read.)
struct board {
	uint16_t slot[ABI_COUNT][SLOTS]; // indices of answers
	size_t answers_n;                // may exceed ANSWERS_MAX: there were too many
	struct answer answers[ANSWERS_MAX];
};

// One arch value of struct seccomp_data, and the ABIs whose calls bear it, lower numbers first.
struct arch_abis {
	uint32_t arch;
	enum abi abi[2];
	size_t n;
};

static const struct arch_abis machine_archs[SECCOMP_MACHINES][2] = {
	[SECCOMP_X86_64] = {{AUDIT_ARCH_X86_64, {ABI_X86_64, ABI_X32}, 2},
			    {AUDIT_ARCH_I386, {ABI_X86}, 1}},
	[SECCOMP_AARCH64] = {{AUDIT_ARCH_AARCH64, {ABI_AARCH64}, 1},
			     {AUDIT_ARCH_ARM, {ABI_ARM}, 1}},
};

static uint32_t base_of(enum abi abi)
{
	return abi == ABI_X32 ? SYSCALLS_X32_BIT : 0;
}

static uint32_t slot_number(enum abi abi, size_t slot)
{
	if (slot < SLOT_ARM)
		return base_of(abi) + (uint32_t)slot;
	return base_of(abi) + SYSCALLS_ARM_FIRST + (uint32_t)(slot - SLOT_ARM);
}

static size_t number_slot(enum abi abi, uint32_t number)
{
	number -= base_of(abi);
	return number < SLOT_ARM ? number : SLOT_ARM + number - SYSCALLS_ARM_FIRST;
}

static bool in_force(const struct seccomp_row *row, const struct seccomp_want *want)
{
	if ((row->with & ~want->capabilities) || (row->without & want->capabilities))
		return false;
	if (row->machines && !(row->machines & (1u << want->machine)))
		return false;
	if (row->socketcall && !want->socketcall)
		return false;
	return want->kernel[0] > row->kernel[0] ||
	       (want->kernel[0] == row->kernel[0] && want->kernel[1] >= row->kernel[1]);
}

static uint16_t answer_index(struct board *board, uint32_t action,
			     const struct seccomp_rules *rules)
{
	size_t n = min_of(board->answers_n, (size_t)ANSWERS_MAX);
	for (size_t i = 0; i < n; i++) {
		if (board->answers[i].action == action && board->answers[i].rules == rules)
			return (uint16_t)i;
	}
	board->answers_n = n + 1;
	if (n == ANSWERS_MAX)
		return 0;
	board->answers[n] = (struct answer){action, rules};
	return (uint16_t)n;
}

static void answer_all(struct board *board, const struct seccomp_profile *profile)
{
	uint16_t otherwise = answer_index(board, profile->otherwise, NULL);
	uint16_t newer = answer_index(board, profile->newer, NULL);
	uint16_t foreign = answer_index(board, SECCOMP_RET_KILL_PROCESS, NULL);
	for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
		bool served = profile->abis >> abi & 1;
		for (size_t i = 0; i < SLOTS; i++) {
			bool is_newer = syscalls_is_newer(abi, slot_number(abi, i));
			board->slot[abi][i] = !served ? foreign : is_newer ? newer : otherwise;
		}
	}
}

// That each name is in the table is held by a unit test, or whoever made the row.
static void apply_row(struct board *board, const struct seccomp_row *row, unsigned abis)
{
	uint16_t answer = answer_index(board, row->action, row->rules);
	struct str rest = str_of(row->names);
	for (struct str name = str_word(&rest); name.p; name = str_word(&rest)) {
		const struct syscalls_row *call = syscalls_find(name);
		assert(call);
		for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
			uint32_t number = syscalls_number(call, abi);
			if (number != SYSCALLS_NONE && abis >> abi & 1)
				board->slot[abi][number_slot(abi, number)] = answer;
		}
	}
}

// Appends the spans of one ABI; none reaches from one ABI into another.
static size_t add_spans(struct seccomp_span *spans, size_t n, const struct board *board,
			enum abi abi)
{
	const uint16_t *slots = board->slot[abi];
	for (size_t i = 0; i < SLOTS; i++) {
		if (i && slots[i] == slots[i - 1])
			continue;
		spans[n++] = (struct seccomp_span){
			.first = slot_number(abi, i),
			.action = board->answers[slots[i]].action,
			.rules = board->answers[slots[i]].rules,
			.wide = abi == ABI_X86_64 || abi == ABI_AARCH64,
		};
	}
	return n;
}

// Whether the profile serves one of the ABIs of this arch; what it does not serve at all is left
// out, as the program's end kills what it does not know.
static bool is_served(const struct arch_abis *arch, const struct seccomp_profile *profile)
{
	for (size_t i = 0; i < arch->n; i++)
		if (profile->abis >> arch->abi[i] & 1)
			return true;
	return false;
}

int seccomp_compile(struct arena *arena, const struct seccomp_profile *profile,
		    const struct seccomp_want *want, struct seccomp_filter *ret_filter)
{
	const struct arch_abis *from = machine_archs[want->machine];
	struct board *board = arena_new(arena, struct board);
	answer_all(board, profile);
	for (size_t i = 0; i < profile->rows_n; i++) {
		if (in_force(&profile->rows[i], want))
			apply_row(board, &profile->rows[i], profile->abis);
	}
	if (board->answers_n > ANSWERS_MAX)
		return fail(-E2BIG, "seccomp filter: more than %d different answers", ANSWERS_MAX);
	struct seccomp_arch archs[lengthof(machine_archs[0])];
	size_t archs_n = 0;
	for (size_t i = 0; i < lengthof(archs); i++) {
		if (!is_served(&from[i], profile))
			continue;
		struct seccomp_span *spans =
			arena_array(arena, struct seccomp_span, from[i].n * SLOTS);
		size_t n = 0;
		for (size_t j = 0; j < from[i].n; j++)
			n = add_spans(spans, n, board, from[i].abi[j]);
		archs[archs_n++] = (struct seccomp_arch){from[i].arch, spans, n};
	}
	return seccomp_tree(arena, archs, archs_n, ret_filter);
}
