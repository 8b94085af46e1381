// SPDX-License-Identifier: Apache-2.0
// tree.c - writes the filter, from its end to its beginning
//
//	load arch; is it x86-64? is it x86? else kill
//	load number
//	number >= 181? ── number >= 213? …          each comparison halves the spans that are left
//	               └─ number >= 87?  …
//	return allow / return errno / load an argument and compare it
//
// How long a filter takes counts twice. It runs before every system call; and when it is installed,
// the kernel runs it once for each number of each ABI to note which calls it always allows (those
// are never filtered again, since Linux 5.11). A list of comparisons, which most compilers make,
// has 200 steps on its way where the tree has 8. Only the words for arch and number may be looked
// at on the way to "allow" for the kernel to see that it is always: so arguments are loaded in the
// leaves.
//
// Jumps only go forward and conditional ones reach 255 instructions. So the program is written
// backwards: what a jump leads to is there already and its distance known. A place in the program
// is a size_t, the count of instructions from there to the end. Where a target is too far off, an
// unconditional jump (which has 32 bits) is put in between. Leaves are shared as far as a jump
// reaches, so a span costs about one instruction.
#include "kern/seccomp/tree.h"

#include "base/fail.h"

enum {
	REACH_MAX = 250, // of a conditional jump is 255: room for the jumps put in between
	SHARE_MAX = 180, // a leaf further off than this is written anew: nearer to who comes next
	LEAVES_MAX = 64, // that can be remembered, more are just not shared
};

struct leaf {
	struct seccomp_span span; // its action, rules and width; `first` means nothing
	size_t at;                // where it is
};

struct program {
	struct sock_filter *code; // BPF_MAXINSNS of them, filled from the end
	size_t n;                 // how many there are
	bool over;                // there were more
	struct leaf leaves[LEAVES_MAX];
	size_t leaves_n;
};

static size_t emit(struct program *program, uint16_t code, uint32_t k, size_t yes, size_t no)
{
	if (program->n == BPF_MAXINSNS) {
		program->over = true;
		return program->n;
	}
	program->n++;
	program->code[BPF_MAXINSNS - program->n] =
		(struct sock_filter){.code = code, .k = k, .jt = (uint8_t)yes, .jf = (uint8_t)no};
	return program->n;
}

static size_t emit_load(struct program *program, size_t offset)
{
	return emit(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static size_t within_reach(struct program *program, size_t target)
{
	size_t distance = program->n - target;
	if (distance <= REACH_MAX)
		return target;
	return emit(program, BPF_JMP | BPF_JA, (uint32_t)distance, 0, 0);
}

static size_t emit_jump(struct program *program, uint16_t test, uint32_t k, size_t yes, size_t no)
{
	yes = within_reach(program, yes);
	no = within_reach(program, no);
	return emit(program, BPF_JMP | test | BPF_K, k, program->n - yes, program->n - no);
}

// Compares one word of the call and goes on at one of three places.
static size_t emit_compare(struct program *program, size_t offset, uint32_t mask, uint32_t value,
			   const size_t on[3])
{
	size_t less = value ? on[SECCOMP_LESS] : on[SECCOMP_GREATER]; // nothing is less than zero
	size_t equal = on[SECCOMP_EQUAL], greater = on[SECCOMP_GREATER];
	if (less == greater)
		emit_jump(program, BPF_JEQ, value, equal, less);
	else if (less == equal)
		emit_jump(program, BPF_JGT, value, greater, less);
	else if (greater == equal)
		emit_jump(program, BPF_JGE, value, greater, less);
	else
		emit_jump(program, BPF_JGT, value, greater,
			  emit_jump(program, BPF_JEQ, value, equal, less));
	if (mask != UINT32_MAX)
		emit(program, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
	return emit_load(program, offset);
}

// The arguments are 64 bits wide, the accumulator 32: the high word decides unless it is equal.
static size_t emit_test(struct program *program, const struct seccomp_test *test, bool wide,
			size_t pass, size_t miss)
{
	size_t low = offsetof(struct seccomp_data, args) + test->argument * sizeof(uint64_t);
	size_t other = test->negated ? pass : miss;
	size_t on[3] = {other, other, other};
	on[test->compare] = test->negated ? miss : pass;
	size_t at = emit_compare(program, low, (uint32_t)test->mask, (uint32_t)test->value, on);
	uint32_t mask = (uint32_t)(test->mask >> 32);
	if (!wide || !mask)
		return at;
	on[SECCOMP_EQUAL] = at;
	return emit_compare(program, low + sizeof(uint32_t), mask, (uint32_t)(test->value >> 32),
			    on);
}

static size_t emit_leaf(struct program *program, const struct seccomp_span *span);

static size_t emit_answer(struct program *program, uint32_t action)
{
	return emit_leaf(program, &(struct seccomp_span){.action = action});
}

static size_t emit_rules(struct program *program, const struct seccomp_span *span)
{
	size_t next = emit_answer(program, span->action);
	for (size_t i = span->rules->n; i-- > 0;) {
		const struct seccomp_rule *rule = &span->rules->first[i];
		size_t pass = emit_answer(program, rule->action);
		for (size_t j = rule->n; j-- > 0;)
			pass = emit_test(program, &rule->all[j], span->wide, pass, next);
		next = pass;
	}
	return next;
}

static bool same_answer(const struct seccomp_span *a, const struct seccomp_span *b)
{
	return a->action == b->action && a->rules == b->rules && (!a->rules || a->wide == b->wide);
}

static size_t emit_leaf(struct program *program, const struct seccomp_span *span)
{
	struct leaf *known = NULL;
	for (size_t i = 0; i < program->leaves_n && !known; i++) {
		if (same_answer(&program->leaves[i].span, span))
			known = &program->leaves[i];
	}
	if (known && program->n - known->at <= SHARE_MAX)
		return known->at;
	size_t at = span->rules ? emit_rules(program, span)
				: emit(program, BPF_RET | BPF_K, span->action, 0, 0);
	if (!known && program->leaves_n < LEAVES_MAX)
		known = &program->leaves[program->leaves_n++];
	if (known)
		*known = (struct leaf){*span, at};
	return at;
}

static size_t emit_spans(struct program *program, const struct seccomp_span *spans, size_t n)
{
	if (n == 1)
		return emit_leaf(program, spans);
	size_t half = n / 2;
	size_t above = emit_spans(program, spans + half, n - half);
	size_t below = emit_spans(program, spans, half);
	return emit_jump(program, BPF_JGE, spans[half].first, above, below);
}

int seccomp_tree(struct arena *arena, const struct seccomp_arch *archs, size_t n,
		 struct seccomp_filter *ret_filter)
{
	enum { ARCHS_MAX = 4 };
	struct program program = {.code = arena_array(arena, struct sock_filter, BPF_MAXINSNS)};
	size_t number[ARCHS_MAX];
	assert(n <= ARCHS_MAX);
	for (size_t i = n; i-- > 0;) {
		// The load falls through to the root, which a shared leaf is not.
		size_t root = emit_spans(&program, archs[i].spans, archs[i].n);
		if (root != program.n)
			emit(&program, BPF_JMP | BPF_JA, (uint32_t)(program.n - root), 0, 0);
		number[i] = emit_load(&program, offsetof(struct seccomp_data, nr));
	}
	size_t next = emit_answer(&program, SECCOMP_RET_KILL_PROCESS);
	for (size_t i = n; i-- > 0;)
		next = emit_jump(&program, BPF_JEQ, archs[i].arch, number[i], next);
	emit_load(&program, offsetof(struct seccomp_data, arch));
	if (program.over)
		return fail(-E2BIG, "seccomp filter: more than %d instructions", BPF_MAXINSNS);
	*ret_filter = (struct seccomp_filter){program.code + BPF_MAXINSNS - program.n, program.n};
	return 0;
}
