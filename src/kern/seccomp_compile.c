// SPDX-License-Identifier: Apache-2.0
// seccomp_compile.c - from the profile's names to spans of numbers
//
// The profile speaks of names, the kernel of numbers, and each ABI numbers differently. For every
// ABI a line of slots is laid out, one for each number that could matter, in ascending order:
//
//	0 … 547       every number up to the last of x32's
//	548           stands for all that follow: newer than our table
//	0xf0001 …     the processor's own calls of arm
//	0xf0007       again all that follow
//
// First each slot says "refuse", or "no such call" where the number is newer than our table; then
// the profile's rows in force write their answers over it; then neighbours with the same answer
// become one span.
#include "kern/seccomp.h"

#include "base/str.h"
#include "kern/seccomp_tree.h"
#include "kern/syscalls.h"

#include <linux/audit.h>

enum {
	SLOT_ARM = SYSCALLS_X32_LAST + 2,
	SLOTS = SLOT_ARM + SYSCALLS_ARM_LAST - SYSCALLS_ARM_FIRST + 2,
	ANSWERS_MAX = 16, // distinct ones: the profile has 6
};

struct answer {
	uint32_t action;
	const struct seccomp_tests *tests;
};

// The lines of slots, one for each ABI. (Those of the other machine are filled too and never read.)
// A slot is one byte, as at the start of a container each page touched anew costs a fault.
struct board {
	struct answer answers[ANSWERS_MAX];
	size_t answers_n;
	uint8_t slot[ABI_COUNT][SLOTS]; // indices of answers
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

static uint8_t answer_index(struct board *board, uint32_t action, const struct seccomp_tests *tests)
{
	for (size_t i = 0; i < board->answers_n; i++) {
		if (board->answers[i].action == action && board->answers[i].tests == tests)
			return (uint8_t)i;
	}
	assert(board->answers_n < ANSWERS_MAX);
	board->answers[board->answers_n] = (struct answer){action, tests};
	return (uint8_t)board->answers_n++;
}

static void refuse_all(struct board *board)
{
	uint8_t refused = answer_index(board, SECCOMP_PROFILE_REFUSAL, NULL);
	uint8_t newer = answer_index(board, SECCOMP_PROFILE_NEWER, NULL);
	for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
		for (size_t i = 0; i < SLOTS; i++)
			board->slot[abi][i] =
				syscalls_is_newer(abi, slot_number(abi, i)) ? newer : refused;
	}
}

// That each name is in the table is held by a unit test.
static void apply_row(struct board *board, const struct seccomp_row *row)
{
	uint8_t answer = answer_index(board, row->action, row->tests);
	struct str rest = str_of(row->names);
	for (struct str name = str_word(&rest); name.p; name = str_word(&rest)) {
		const struct syscalls_row *call = syscalls_find(name);
		assert(call);
		for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
			uint32_t number = syscalls_number(call, abi);
			if (number != SYSCALLS_NONE)
				board->slot[abi][number_slot(abi, number)] = answer;
		}
	}
}

// Appends the spans of one ABI; none reaches from one ABI into another.
static size_t add_spans(struct seccomp_span *spans, size_t n, const struct board *board,
			enum abi abi)
{
	const uint8_t *slots = board->slot[abi];
	for (size_t i = 0; i < SLOTS; i++) {
		if (i && slots[i] == slots[i - 1])
			continue;
		spans[n++] = (struct seccomp_span){
			.first = slot_number(abi, i),
			.action = board->answers[slots[i]].action,
			.tests = board->answers[slots[i]].tests,
			.wide = abi == ABI_X86_64 || abi == ABI_AARCH64,
		};
	}
	return n;
}

int seccomp_compile(struct arena *arena, const struct seccomp_want *want,
		    struct seccomp_filter *ret_filter)
{
	const struct arch_abis *from = machine_archs[want->machine];
	struct board *board = arena_new(arena, struct board);
	refuse_all(board);
	for (size_t i = 0; i < seccomp_profile_n; i++) {
		if (in_force(&seccomp_profile[i], want))
			apply_row(board, &seccomp_profile[i]);
	}
	struct seccomp_arch archs[lengthof(machine_archs[0])];
	for (size_t i = 0; i < lengthof(archs); i++) {
		struct seccomp_span *spans =
			arena_array(arena, struct seccomp_span, from[i].n * SLOTS);
		size_t n = 0;
		for (size_t j = 0; j < from[i].n; j++)
			n = add_spans(spans, n, board, from[i].abi[j]);
		archs[i] = (struct seccomp_arch){from[i].arch, spans, n};
	}
	return seccomp_tree(arena, archs, lengthof(archs), ret_filter);
}
