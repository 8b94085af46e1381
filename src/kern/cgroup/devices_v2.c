// SPDX-License-Identifier: Apache-2.0
// devices_v2.c - device rules as a program that the kernel runs
//
// cgroup v2 has no list of devices. It asks a program instead, at each mknod and open in the group:
// eBPF of type CGROUP_DEVICE, which gets the device (type, major, minor) and the ways of access
// that are wanted, and answers 1 for yes or 0 for "Operation not permitted". The program is tied to
// the group and goes with it; groups below can only deny more.
//
// The rules are walked from the last to the first, as the last one that matches counts. r5 holds
// the ways that no rule has granted yet:
//
//	r2 = type, r3 = major, r4 = minor, r5 = wanted ways
//	for each rule, from the last:
//		if it names another device, go to the next rule
//		allow:  r5 &= ~ways; if r5 is empty, return 1
//		deny:   if r5 has one of the ways, return 0
//	return 0
//
// The verifier wants no loops and no dead ends; the program is straight and short: at most eight
// instructions a rule. Rules before one about everything are never asked, and left out.
#include "kern/cgroup/devices.h"

#include "base/fail.h"
#include "base/fd.h"
#include "base/sys.h"

#include <fcntl.h>
#include <unistd.h>

enum { // what the registers hold
	R_ANSWER = BPF_REG_0,
	R_CONTEXT = BPF_REG_1,
	R_TYPE = BPF_REG_2,
	R_MAJOR = BPF_REG_3,
	R_MINOR = BPF_REG_4,
	R_WANTED = BPF_REG_5,
	R_SCRATCH = BPF_REG_6,
};

enum { RULE_LENGTH_MAX = 8, FRAME_LENGTH = 8 };

struct program {
	struct bpf_insn *insn;
	size_t n;
};

static void emit(struct program *program, uint8_t code, unsigned to, unsigned from, int16_t skip,
		 int32_t number)
{
	program->insn[program->n++] = (struct bpf_insn){
		.code = code,
		.dst_reg = to & 15,
		.src_reg = from & 15,
		.off = skip,
		.imm = number,
	};
}

static void load(struct program *program, unsigned to, size_t offset)
{
	emit(program, BPF_LDX | BPF_MEM | BPF_W, to, R_CONTEXT, (int16_t)offset, 0);
}

static void answer(struct program *program, int32_t yes)
{
	emit(program, BPF_ALU64 | BPF_MOV | BPF_K, R_ANSWER, 0, 0, yes);
	emit(program, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

// The kernel packs type (low half) and ways of access (high half) into one word.
static void take_apart(struct program *program)
{
	load(program, R_TYPE, offsetof(struct bpf_cgroup_dev_ctx, access_type));
	emit(program, BPF_ALU | BPF_MOV | BPF_X, R_WANTED, R_TYPE, 0, 0);
	emit(program, BPF_ALU | BPF_AND | BPF_K, R_TYPE, 0, 0, 0xffff);
	emit(program, BPF_ALU | BPF_RSH | BPF_K, R_WANTED, 0, 0, 16);
	load(program, R_MAJOR, offsetof(struct bpf_cgroup_dev_ctx, major));
	load(program, R_MINOR, offsetof(struct bpf_cgroup_dev_ctx, minor));
}

static int32_t kernel_access(unsigned access)
{
	return (access & DEVICE_READ ? BPF_DEVCG_ACC_READ : 0) |
	       (access & DEVICE_WRITE ? BPF_DEVCG_ACC_WRITE : 0) |
	       (access & DEVICE_MKNOD ? BPF_DEVCG_ACC_MKNOD : 0);
}

// Leaves the rule unless the register holds the number. How far to skip is filled in by add_rule.
static void unless(struct program *program, unsigned reg, int32_t number)
{
	emit(program, BPF_JMP32 | BPF_JNE | BPF_K, reg, 0, 0, number);
}

static void add_rule(struct program *program, const struct device_rule *rule)
{
	size_t start = program->n;
	int32_t access = kernel_access(rule->access);
	if (rule->type != 'a')
		unless(program, R_TYPE,
		       rule->type == 'c' ? BPF_DEVCG_DEV_CHAR : BPF_DEVCG_DEV_BLOCK);
	if (rule->major >= 0)
		unless(program, R_MAJOR, (int32_t)(uint32_t)rule->major);
	if (rule->minor >= 0)
		unless(program, R_MINOR, (int32_t)(uint32_t)rule->minor);
	size_t tests = program->n;
	if (rule->allow) {
		emit(program, BPF_ALU | BPF_AND | BPF_K, R_WANTED, 0, 0, ~access);
		emit(program, BPF_JMP32 | BPF_JNE | BPF_K, R_WANTED, 0, 2, 0);
	} else {
		emit(program, BPF_ALU | BPF_MOV | BPF_X, R_SCRATCH, R_WANTED, 0, 0);
		emit(program, BPF_ALU | BPF_AND | BPF_K, R_SCRATCH, 0, 0, access);
		emit(program, BPF_JMP32 | BPF_JEQ | BPF_K, R_SCRATCH, 0, 2, 0);
	}
	answer(program, rule->allow);
	for (size_t i = start; i < tests; i++)
		program->insn[i].off = (int16_t)(program->n - i - 1);
	assert(program->n - start <= RULE_LENGTH_MAX);
}

int devices_v2_program(struct arena *arena, const struct device_rule *rules, size_t n,
		       struct bpf_insn **ret_program, size_t *ret_n)
{
	if (n > DEVICE_RULES_MAX)
		return fail(-E2BIG, "%zu device rules, more than %d", n, DEVICE_RULES_MAX);
	size_t room = FRAME_LENGTH + n * RULE_LENGTH_MAX;
	struct program program = {arena_array(arena, struct bpf_insn, room), 0};
	take_apart(&program);
	for (size_t i = n; i-- > 0;) {
		const struct device_rule *rule = &rules[i];
		// What a rule about everything answers, no rule before it changes.
		if (rule->type == 'a' && rule->major < 0 && rule->minor < 0 &&
		    rule->access == DEVICE_ALL) {
			answer(&program, rule->allow);
			*ret_program = program.insn;
			*ret_n = program.n;
			return 0;
		}
		add_rule(&program, rule);
	}
	answer(&program, 0);
	*ret_program = program.insn;
	*ret_n = program.n;
	return 0;
}

static long bpf(int command, union bpf_attr *attributes)
{
	return sys_call(SYS_bpf, command, attributes, sizeof(*attributes));
}

int devices_v2_attach(int cgroup, const struct bpf_insn *program, size_t n)
{
	union bpf_attr load_attributes = {
		.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.insn_cnt = (uint32_t)n,
		.insns = (uintptr_t)program,
		.license = (uintptr_t) "Apache-2.0",
		.prog_name = "tare_devices",
	};
	_cleanup_fd_ int loaded = (int)bpf(BPF_PROG_LOAD, &load_attributes);
	if (loaded < 0) {
		int error = loaded;
		fail_sys(error, "load the device filter of %zu instructions", n);
		fail_hint("it needs CAP_SYS_ADMIN, or CAP_BPF and CAP_NET_ADMIN, and a kernel "
			  "with CONFIG_CGROUP_BPF");
		return error;
	}
	union bpf_attr attach_attributes = {
		.target_fd = (uint32_t)cgroup,
		.attach_bpf_fd = (uint32_t)loaded,
		.attach_type = BPF_CGROUP_DEVICE,
		.attach_flags = BPF_F_ALLOW_MULTI,
	};
	int error = (int)bpf(BPF_PROG_ATTACH, &attach_attributes);
	return error < 0 ? fail_sys(error, "attach the device filter to the cgroup") : 0;
}

bool devices_v2_works(const char *cgroup2)
{
	_cleanup_fd_ int directory = open(cgroup2, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	union bpf_attr attributes = {.query = {
					     .target_fd = (uint32_t)directory,
					     .attach_type = BPF_CGROUP_DEVICE,
				     }};
	return directory >= 0 && bpf(BPF_PROG_QUERY, &attributes) == 0;
}
