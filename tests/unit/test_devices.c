// SPDX-License-Identifier: Apache-2.0
// test_devices.c - device rules, their v1 lines and their eBPF program
//
// Both translations are held against devices_allow: the v1 lines by a model of the kernel's list,
// the program by running it. As root the program is also loaded and tied to a real group.
#include "kern/cgroup/devices.h"

#include "base/fail.h"
#include "base/fd.h"
#include "kern/facts.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static const struct device_rule docker[] = {
	{false, 'a', -1, -1, DEVICE_ALL},  {true, 'c', -1, -1, DEVICE_MKNOD},
	{true, 'b', -1, -1, DEVICE_MKNOD}, {true, 'c', 1, 3, DEVICE_ALL},
	{true, 'c', 1, 5, DEVICE_ALL},     {true, 'c', 1, 7, DEVICE_ALL},
	{true, 'c', 136, -1, DEVICE_ALL},
};
static const struct device_rule mixed[] = {
	{true, 'c', 1, -1, DEVICE_ALL},
	{false, 'c', 1, 3, DEVICE_WRITE},
	{true, 'b', 8, 0, DEVICE_READ},
	{false, 'a', -1, -1, DEVICE_MKNOD},
};
static const struct device_rule open_but_one[] = {
	{false, 'c', 9, 9, DEVICE_ALL},
	{true, 'a', -1, -1, DEVICE_ALL},
	{false, 'c', 1, 3, DEVICE_WRITE},
};
static const struct device_rule large[] = {
	{true, 'c', 4294967295, 4294967295, DEVICE_READ | DEVICE_WRITE},
	{true, 'a', -1, 7, DEVICE_READ},
};
static const struct {
	const struct device_rule *rule;
	size_t n;
	bool on_v1; // it can be said there
} sets[] = {
	{docker, lengthof(docker), true},
	{mixed, lengthof(mixed), false},
	{open_but_one, lengthof(open_but_one), true},
	{large, lengthof(large), true},
	{docker, 0, true},
	{docker, 1, true},
};

static const uint32_t numbers[] = {0, 1, 3, 5, 7, 8, 9, 136, 4294967295};

// A small machine for the instructions that devices_v2.c uses.
static uint64_t run_program(const struct bpf_insn *insn, size_t n,
			    const struct bpf_cgroup_dev_ctx *context)
{
	uint64_t reg[11] = {0};
	for (size_t pc = 0; pc < n; pc++) {
		const struct bpf_insn *i = &insn[pc];
		uint64_t *to = &reg[i->dst_reg];
		uint32_t low = (uint32_t)*to, number = (uint32_t)i->imm;
		switch (i->code) {
		case BPF_LDX | BPF_MEM | BPF_W:
			*to = *(const uint32_t *)(const void *)((const char *)context + i->off);
			break;
		case BPF_ALU | BPF_MOV | BPF_X:
			*to = (uint32_t)reg[i->src_reg];
			break;
		case BPF_ALU64 | BPF_MOV | BPF_K:
			*to = (uint64_t)(int64_t)i->imm;
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			*to = low & number;
			break;
		case BPF_ALU | BPF_RSH | BPF_K:
			*to = low >> number;
			break;
		case BPF_JMP32 | BPF_JNE | BPF_K:
			pc += low != number ? (size_t)i->off : 0;
			break;
		case BPF_JMP32 | BPF_JEQ | BPF_K:
			pc += low == number ? (size_t)i->off : 0;
			break;
		case BPF_JMP | BPF_EXIT:
			return reg[0];
		default:
			fail_msg("instruction %zu: code %#x", pc, i->code);
		}
	}
	fail_msg("ran off the end");
	return 0;
}

static uint32_t kernel_word(char type, unsigned access)
{
	uint32_t ways = (access & DEVICE_READ ? BPF_DEVCG_ACC_READ : 0) |
			(access & DEVICE_WRITE ? BPF_DEVCG_ACC_WRITE : 0) |
			(access & DEVICE_MKNOD ? BPF_DEVCG_ACC_MKNOD : 0);
	return ways << 16 | (type == 'c' ? BPF_DEVCG_DEV_CHAR : BPF_DEVCG_DEV_BLOCK);
}

static void compare(size_t set,
		    bool (*oracle)(const void *with, char type, uint32_t major, uint32_t minor,
				   unsigned access),
		    const void *with)
{
	for (size_t t = 0; t < 2; t++)
		for (size_t i = 0; i < lengthof(numbers); i++)
			for (size_t j = 0; j < lengthof(numbers); j++)
				for (unsigned access = 1; access <= DEVICE_ALL; access++) {
					char type = "cb"[t];
					bool want = devices_allow(sets[set].rule, sets[set].n, type,
								  numbers[i], numbers[j], access);
					if (oracle(with, type, numbers[i], numbers[j], access) !=
					    want)
						fail_msg("set %zu: %c %u:%u ways %u", set, type,
							 numbers[i], numbers[j], access);
				}
}

struct program {
	struct bpf_insn *insn;
	size_t n;
};

static bool by_program(const void *with, char type, uint32_t major, uint32_t minor, unsigned access)
{
	const struct program *program = with;
	const struct bpf_cgroup_dev_ctx context = {kernel_word(type, access), major, minor};
	return run_program(program->insn, program->n, &context) == 1;
}

static void the_program_answers_as_the_rules_do(void **state unused_)
{
	for (size_t i = 0; i < lengthof(sets); i++) {
		struct program program;
		assert_int_equal(devices_v2_program(&arena, sets[i].rule, sets[i].n, &program.insn,
						    &program.n),
				 0);
		compare(i, by_program, &program);
	}
}

struct lines {
	struct devices_v1_write *line;
	size_t n;
};

// The kernel's list: with default deny an exception must hold all ways, with default allow none.
static bool by_lines(const void *with, char type, uint32_t major, uint32_t minor, unsigned access)
{
	const struct lines *lines = with;
	bool allow = str_eq(lines->line[0].file, "devices.allow");
	for (size_t i = 1; i < lines->n; i++) {
		struct str rest = str_of(lines->line[i].text), word = str_word(&rest);
		struct str b = str_word(&rest), ways = str_word(&rest), a = str_cut(&b, ':');
		uint64_t number;
		bool hit = word.p[0] == type &&
			   (str_is(a, "*") ||
			    (!str_number(a, UINT32_MAX, &number) && number == major)) &&
			   (str_is(b, "*") ||
			    (!str_number(b, UINT32_MAX, &number) && number == minor));
		unsigned has = (memchr(ways.p, 'r', ways.n) ? DEVICE_READ : 0) |
			       (memchr(ways.p, 'w', ways.n) ? DEVICE_WRITE : 0) |
			       (memchr(ways.p, 'm', ways.n) ? DEVICE_MKNOD : 0);
		if (hit && !allow && (access & ~has) == 0)
			return true;
		if (hit && allow && (access & has))
			return false;
	}
	return allow;
}

static bool never_more(const void *with, char type, uint32_t major, uint32_t minor, unsigned access)
{
	const struct lines *lines = with;
	// Two exceptions that each hold a part of the ways don't add up on v1: less, never more.
	bool said = by_lines(with, type, major, minor, access);
	if (said || (access & (access - 1)) == 0)
		return said;
	bool each = true;
	for (unsigned way = 1; way <= DEVICE_MKNOD; way <<= 1)
		each &= !(access & way) || by_lines(lines, type, major, minor, way);
	return each;
}

static void the_lines_answer_as_the_rules_do(void **state unused_)
{
	for (size_t i = 0; i < lengthof(sets); i++) {
		struct lines lines;
		int error =
			devices_v1_writes(&arena, sets[i].rule, sets[i].n, &lines.line, &lines.n);
		assert_int_equal(error, sets[i].on_v1 ? 0 : -EOPNOTSUPP);
		if (!error)
			compare(i, never_more, &lines);
	}
	assert_string_equal(fault_last()->text,
			    "device rule 'c 1:3 w': cgroup v1 can't take it out "
			    "of 'c 1:* rwm' before it");
}

static void writes_docker_lines(void **state unused_)
{
	struct lines lines;
	assert_int_equal(devices_v1_writes(&arena, docker, lengthof(docker), &lines.line, &lines.n),
			 0);
	assert_int_equal(lines.n, 7);
	assert_string_equal(lines.line[0].file, "devices.deny");
	assert_string_equal(lines.line[0].text, "a");
	assert_string_equal(lines.line[1].file, "devices.allow");
	assert_string_equal(lines.line[1].text, "c *:* m");
	assert_string_equal(lines.line[3].text, "c 1:3 rwm");
	assert_string_equal(lines.line[6].text, "c 136:* rwm");
}

static void reads_the_words_of_a_rule(void **state unused_)
{
	struct device_rule rule;
	assert_int_equal(device_rule_make(true, NULL, -1, -1, NULL, &rule), 0);
	assert_int_equal(rule.type, 'a');
	assert_int_equal(rule.access, DEVICE_ALL);
	assert_int_equal(device_rule_make(true, "u", 1, 3, "rw", &rule), 0);
	assert_string_equal(device_rule_text(&arena, &rule), "c 1:3 rw");
	assert_int_equal(device_rule_make(true, "p", 1, 3, "rw", &rule), -EINVAL);
	assert_int_equal(device_rule_make(true, "c", -2, 3, "rw", &rule), -ERANGE);
	assert_int_equal(device_rule_make(true, "c", 1, 4294967296, "rw", &rule), -ERANGE);
	assert_int_equal(device_rule_make(true, "c", 1, 3, "x", &rule), -EINVAL);
	assert_int_equal(device_rule_make(true, "c", 1, 3, "", &rule), -EINVAL);
}

// What a process in the group finds: /dev/null opens, making a disk's node and /dev/kmsg don't.
static int look_from_inside(const char *join)
{
	pid_t pid = fork();
	if (pid == 0) {
		if (file_put(AT_FDCWD, join, "0", 1))
			_exit(1);
		if (open("/dev/null", O_RDWR | O_CLOEXEC) < 0)
			_exit(2);
		if (open("/dev/kmsg", O_RDONLY | O_CLOEXEC) >= 0 || errno != EPERM)
			_exit(3);
		char node[64];
		snprintf(node, sizeof(node), "/tmp/tare-test-%d", (int)getpid());
		int made = mknod(node, S_IFBLK | 0600, makedev(8, 0));
		int error = errno;
		unlink(node);
		_exit(made < 0 && error == EPERM ? 0 : 4);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static const struct device_rule strict[] = {
	{false, 'a', -1, -1, DEVICE_ALL},
	{true, 'c', 1, 3, DEVICE_ALL},
};

static void v1_holds_a_process(void **state unused_)
{
	struct facts facts;
	assert_int_equal(facts_gather(&arena, 0, NULL, &facts), 0);
	if (facts.uid || facts.controller[CONTROLLER_DEVICES].kind != CGROUP_V1) {
		print_message("skipped: wants root and the v1 controller 'devices'\n");
		skip();
	}
	const char *group =
		arena_printf(&arena, "%s/tare-test-devices-%d",
			     facts.controller[CONTROLLER_DEVICES].directory, (int)getpid());
	assert_int_equal(mkdir(group, 0755), 0);
	struct lines lines;
	assert_int_equal(devices_v1_writes(&arena, strict, lengthof(strict), &lines.line, &lines.n),
			 0);
	int error = 0;
	for (size_t i = 0; i < lines.n && !error; i++)
		error = file_put(AT_FDCWD, arena_printf(&arena, "%s/%s", group, lines.line[i].file),
				 lines.line[i].text, strlen(lines.line[i].text));
	int status = error ? 0 : look_from_inside(arena_printf(&arena, "%s/tasks", group));
	int removed = rmdir(group);
	assert_int_equal(error, 0);
	assert_int_equal(status, 0);
	assert_int_equal(removed, 0);
}

static void v2_holds_a_process(void **state unused_)
{
	struct facts facts;
	assert_int_equal(facts_gather(&arena, 0, NULL, &facts), 0);
	if (!facts.cgroup2 || !devices_v2_works(facts.cgroup2)) {
		print_message("skipped: wants root, cgroup2 and BPF\n");
		skip();
	}
	const char *group =
		arena_printf(&arena, "%s/tare-test-devices-%d", facts.cgroup2, (int)getpid());
	assert_int_equal(mkdir(group, 0755), 0);
	int fd = open(group, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	struct program program;
	assert_int_equal(
		devices_v2_program(&arena, strict, lengthof(strict), &program.insn, &program.n), 0);
	int error = devices_v2_attach(fd, program.insn, program.n);
	int status = error ? 0 : look_from_inside(arena_printf(&arena, "%s/cgroup.procs", group));
	fd_close(&fd);
	int removed = rmdir(group);
	if (error)
		print_message("%s\n", fault_last()->text);
	assert_int_equal(error, 0);
	assert_int_equal(status, 0);
	assert_int_equal(removed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_program_answers_as_the_rules_do),
		cmocka_unit_test(the_lines_answer_as_the_rules_do),
		cmocka_unit_test(writes_docker_lines),
		cmocka_unit_test(reads_the_words_of_a_rule),
		cmocka_unit_test(v1_holds_a_process),
		cmocka_unit_test(v2_holds_a_process),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
