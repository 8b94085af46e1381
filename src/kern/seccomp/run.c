// SPDX-License-Identifier: Apache-2.0
// run.c - the kernel's interpreter of filters, in small
//
// Classic BPF is a machine of one accumulator and forward jumps, so every program ends. Seccomp
// takes away most of its instructions: what is left loads a word of struct seccomp_data, masks it,
// compares it, jumps and returns. (Packets, arithmetic and the scratch memory are there in the
// kernel too; no filter of ours uses them, and one that does is answered with a kill here.)
#include "kern/seccomp/run.h"

#include <linux/audit.h>

static bool load(const struct seccomp_data *call, uint32_t offset, uint32_t *ret_word)
{
	if (offset % sizeof(uint32_t) || offset > sizeof(*call) - sizeof(uint32_t))
		return false;
	memcpy(ret_word, (const char *)call + offset, sizeof(*ret_word));
	return true;
}

static bool holds(uint16_t code, uint32_t accumulator, uint32_t k)
{
	switch (BPF_OP(code)) {
	case BPF_JEQ:
		return accumulator == k;
	case BPF_JGT:
		return accumulator > k;
	case BPF_JGE:
		return accumulator >= k;
	case BPF_JSET:
		return accumulator & k;
	}
	return false;
}

uint32_t seccomp_run(const struct seccomp_filter *filter, const struct seccomp_data *call,
		     size_t *ret_steps)
{
	uint32_t accumulator = 0, answer = SECCOMP_RET_KILL_PROCESS;
	size_t steps = 0;
	for (size_t at = 0; at < filter->n; at++) {
		const struct sock_filter *now = &filter->code[at];
		steps++;
		if (now->code == (BPF_RET | BPF_K)) {
			answer = now->k;
			break;
		}
		if (now->code == (BPF_LD | BPF_W | BPF_ABS)) {
			if (!load(call, now->k, &accumulator))
				break;
		} else if (now->code == (BPF_ALU | BPF_AND | BPF_K)) {
			accumulator &= now->k;
		} else if (now->code == (BPF_JMP | BPF_JA)) {
			at += now->k;
		} else if (BPF_CLASS(now->code) == BPF_JMP && BPF_SRC(now->code) == BPF_K) {
			at += holds(now->code, accumulator, now->k) ? now->jt : now->jf;
		} else {
			break;
		}
	}
	if (ret_steps)
		*ret_steps = steps;
	return answer;
}

uint32_t seccomp_answer(const struct seccomp_filter *filter, enum seccomp_machine machine,
			uint32_t number)
{
	static const uint32_t arch[SECCOMP_MACHINES] = {
		[SECCOMP_X86_64] = AUDIT_ARCH_X86_64,
		[SECCOMP_AARCH64] = AUDIT_ARCH_AARCH64,
	};
	struct seccomp_data call = {.nr = (int)number, .arch = arch[machine]};
	return seccomp_run(filter, &call, NULL);
}

bool seccomp_denies(const struct seccomp_filter *filter, enum seccomp_machine machine,
		    uint32_t number)
{
	uint32_t action = seccomp_answer(filter, machine, number) & SECCOMP_RET_ACTION_FULL;
	return action != SECCOMP_RET_ALLOW && action != SECCOMP_RET_LOG;
}
