// SPDX-License-Identifier: Apache-2.0
// test_seccomp_oracle.c - our filter against the one libseccomp makes of Docker's profile
//
// Docker's profile, a JSON document that is no part of this tree, is handed to libseccomp as runc
// hands it over. Both filters are run over every number that could matter in every ABI, with
// arguments around each value that the profile compares. They must agree everywhere but for
//
//	1. socketcall, which we refuse unless it is asked for
//	2. numbers above our table, which are ENOSYS here and EPERM there
//
// and for calls this libseccomp has no number for: they are judged against the document itself. A
// call of an ABI the machine lacks is killed by both, here with its process, there with its thread.
#include "kern/seccomp/seccomp.h"

#include "base/fd.h"
#include "kern/caps.h"
#include "kern/seccomp/run.h"
#include "kern/seccomp/syscalls.h"

#include <fcntl.h>
#include <json-c/json.h>
#include <limits.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

enum { PROFILE_MAX = 1 << 20, SKIPPED = 77 };

static struct arena arena;         // of the whole test
static struct json_object *oracle; // Docker's profile

static const struct {
	uint32_t token;     // libseccomp's name of the ABI
	uint32_t arch;      // as the kernel tells a filter
	const char *native; // as the profile's conditions call the machine
} abis[ABI_COUNT] = {
	[ABI_X86_64] = {SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64, "amd64"},
	[ABI_X86] = {SCMP_ARCH_X86, AUDIT_ARCH_I386, "x86"},
	[ABI_X32] = {SCMP_ARCH_X32, AUDIT_ARCH_X86_64, "x32"},
	[ABI_AARCH64] = {SCMP_ARCH_AARCH64, AUDIT_ARCH_AARCH64, "arm64"},
	[ABI_ARM] = {SCMP_ARCH_ARM, AUDIT_ARCH_ARM, "arm"},
};

static const struct {
	enum abi abi[3]; // the machine's own first
	size_t n;
} machines[SECCOMP_MACHINES] = {
	[SECCOMP_X86_64] = {{ABI_X86_64, ABI_X86, ABI_X32}, 3},
	[SECCOMP_AARCH64] = {{ABI_AARCH64, ABI_ARM}, 2},
};

// ---- the document

static struct json_object *member(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;
	json_object_object_get_ex(object, key, &value);
	return value;
}

static bool oci_strings_has(struct json_object *list, const char *text)
{
	for (size_t i = 0; list && i < json_object_array_length(list); i++) {
		if (str_eq(json_object_get_string(json_object_array_get_idx(list, i)), text))
			return true;
	}
	return false;
}

static size_t list_length(struct json_object *list)
{
	return list ? json_object_array_length(list) : 0;
}

static uint64_t caps_of(struct json_object *list)
{
	uint64_t all = 0, one;
	for (size_t i = 0; i < list_length(list); i++) {
		const char *name = json_object_get_string(json_object_array_get_idx(list, i));
		assert_int_equal(caps_parse(name, &one), 0);
		all |= one;
	}
	return all;
}

static bool kernel_reaches(const struct seccomp_want *want, struct json_object *asked)
{
	unsigned major, minor;
	if (!asked)
		return true;
	assert_int_equal(sscanf(json_object_get_string(asked), "%u.%u", &major, &minor), 2);
	return want->kernel[0] > major || (want->kernel[0] == major && want->kernel[1] >= minor);
}

// A condition must be known to this test, or it could go unnoticed.
static void check_keys(struct json_object *object, const char *known)
{
	if (!object)
		return;
	json_object_object_foreach(object, key, value)
	{
		(void)value;
		assert_non_null(strstr(known, key));
	}
}

static bool in_force(struct json_object *rule, const struct seccomp_want *want)
{
	const char *native = abis[machines[want->machine].abi[0]].native;
	struct json_object *with = member(rule, "includes"), *without = member(rule, "excludes");
	check_keys(rule, "names action args includes excludes errnoRet comment");
	check_keys(with, "caps arches minKernel");
	check_keys(without, "caps arches");
	if (caps_of(member(with, "caps")) & ~want->capabilities)
		return false;
	if (caps_of(member(without, "caps")) & want->capabilities)
		return false;
	struct json_object *arches = member(with, "arches");
	if (list_length(arches) && !oci_strings_has(arches, native))
		return false;
	if (oci_strings_has(member(without, "arches"), native))
		return false;
	return kernel_reaches(want, member(with, "minKernel"));
}

// What the document says of a call whose rules have no arguments.
static uint32_t by_document(const char *name, const struct seccomp_want *want)
{
	struct json_object *rules = member(oracle, "syscalls");
	for (size_t i = 0; i < list_length(rules); i++) {
		struct json_object *rule = json_object_array_get_idx(rules, i);
		if (oci_strings_has(member(rule, "names"), name) && in_force(rule, want)) {
			assert_int_equal(list_length(member(rule, "args")), 0);
			assert_string_equal(json_object_get_string(member(rule, "action")),
					    "SCMP_ACT_ALLOW");
			return SECCOMP_RET_ALLOW;
		}
	}
	return SECCOMP_PROFILE_REFUSAL;
}

// ---- libseccomp's filter

static struct scmp_arg_cmp comparison(struct json_object *arg)
{
	const char *op = json_object_get_string(member(arg, "op"));
	unsigned index = (unsigned)json_object_get_int(member(arg, "index"));
	uint64_t value = (uint64_t)json_object_get_int64(member(arg, "value"));
	uint64_t two = (uint64_t)json_object_get_int64(member(arg, "valueTwo"));
	if (str_eq(op, "SCMP_CMP_LT"))
		return SCMP_CMP64(index, SCMP_CMP_LT, value);
	if (str_eq(op, "SCMP_CMP_GT"))
		return SCMP_CMP64(index, SCMP_CMP_GT, value);
	if (str_eq(op, "SCMP_CMP_EQ"))
		return SCMP_CMP64(index, SCMP_CMP_EQ, value);
	assert_string_equal(op, "SCMP_CMP_MASKED_EQ");
	return SCMP_CMP64(index, SCMP_CMP_MASKED_EQ, value, two);
}

static void add_rule(scmp_filter_ctx context, struct json_object *rule)
{
	uint32_t action = SCMP_ACT_ALLOW;
	if (!str_eq(json_object_get_string(member(rule, "action")), "SCMP_ACT_ALLOW"))
		action = SCMP_ACT_ERRNO((unsigned)json_object_get_int(member(rule, "errnoRet")));
	struct json_object *names = member(rule, "names"), *args = member(rule, "args");
	assert_true(list_length(args) <= 1);
	for (size_t i = 0; i < list_length(names); i++) {
		int number = seccomp_syscall_resolve_name(
			json_object_get_string(json_object_array_get_idx(names, i)));
		if (number == __NR_SCMP_ERROR)
			continue;
		struct scmp_arg_cmp compare = {0};
		if (args)
			compare = comparison(json_object_array_get_idx(args, 0));
		int result =
			seccomp_rule_add_array(context, action, number, args ? 1 : 0, &compare);
		assert_int_equal(result, 0);
	}
}

static struct seccomp_filter exported(scmp_filter_ctx context)
{
	struct str bytes;
	_cleanup_fd_ int fd = memfd_create("filter", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(seccomp_export_bpf(context, fd), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(fd_read_all(&arena, fd, PROFILE_MAX, &bytes), 0);
	struct sock_filter *code = arena_array(&arena, struct sock_filter, bytes.n / sizeof(*code));
	memcpy(code, bytes.p, bytes.n);
	return (struct seccomp_filter){code, bytes.n / sizeof(*code)};
}

static struct seccomp_filter by_libseccomp(const struct seccomp_want *want)
{
	assert_string_equal(json_object_get_string(member(oracle, "defaultAction")),
			    "SCMP_ACT_ERRNO");
	scmp_filter_ctx context = seccomp_init(
		SCMP_ACT_ERRNO((unsigned)json_object_get_int(member(oracle, "defaultErrnoRet"))));
	assert_non_null(context);
	uint32_t host = seccomp_arch_native();
	bool keep = false;
	for (size_t i = 0; i < machines[want->machine].n; i++) {
		uint32_t token = abis[machines[want->machine].abi[i]].token;
		keep |= token == host;
		if (token != host)
			assert_int_equal(seccomp_arch_add(context, token), 0);
	}
	if (!keep)
		assert_int_equal(seccomp_arch_remove(context, host), 0);
	struct json_object *rules = member(oracle, "syscalls");
	for (size_t i = 0; i < list_length(rules); i++) {
		struct json_object *rule = json_object_array_get_idx(rules, i);
		if (in_force(rule, want))
			add_rule(context, rule);
	}
	struct seccomp_filter filter = exported(context);
	seccomp_release(context);
	return filter;
}

// ---- the comparison

struct pair {
	struct seccomp_want want;
	struct seccomp_filter ours;
	struct seccomp_filter theirs;
	size_t calls; // compared so far
};

static bool is_above_the_table(enum abi abi, uint32_t number)
{
	if (abi == ABI_X32)
		number &= ~0x40000000u;
	if (abi == ABI_X32 && number >= 512 && number <= 547)
		return false;
	if (abi == ABI_ARM && number >= 0xf0001 && number <= 0xf0006)
		return false;
	return number > 469;
}

static bool libseccomp_knows(enum abi abi, uint32_t number)
{
	char *name = seccomp_syscall_resolve_num_arch(abis[abi].token, (int)number);
	free(name);
	return name;
}

static void compare_call(struct pair *pair, enum abi abi, const struct seccomp_data *call)
{
	uint32_t number = (uint32_t)call->nr;
	uint32_t ours = seccomp_run(&pair->ours, call, NULL);
	uint32_t expected = seccomp_run(&pair->theirs, call, NULL);
	const char *name = syscalls_name(abi, number);
	if (name && str_eq(name, "socketcall") && !pair->want.socketcall) {
		assert_int_equal(expected, SECCOMP_RET_ALLOW); // deviation 1
		expected = SECCOMP_RET_ERRNO | EPERM;
	} else if (is_above_the_table(abi, number)) {
		assert_int_equal(expected, SECCOMP_RET_ERRNO | EPERM); // deviation 2
		expected = SECCOMP_RET_ERRNO | ENOSYS;
	} else if (name && !libseccomp_knows(abi, number)) {
		expected = by_document(name, &pair->want);
	}
	pair->calls++;
	if (ours != expected)
		fail_msg("abi %d, %s (%u), arguments %#llx %#llx: %#x instead of %#x", abi,
			 name ? name : "?", number, (unsigned long long)call->args[0],
			 (unsigned long long)call->args[1], ours, expected);
}

// Values around those the profile compares, each bit of its masks, and high words that are not
// zero.
static size_t sample_arguments(uint64_t *samples, size_t max)
{
	size_t n = 0;
	struct json_object *rules = member(oracle, "syscalls");
	for (size_t i = 0; i < list_length(rules); i++) {
		struct json_object *args = member(json_object_array_get_idx(rules, i), "args");
		for (size_t j = 0; j < list_length(args); j++) {
			struct json_object *arg = json_object_array_get_idx(args, j);
			uint64_t value = (uint64_t)json_object_get_int64(member(arg, "value"));
			assert_true(n + 7 <= max);
			samples[n++] = value - 1;
			samples[n++] = value;
			samples[n++] = value + 1;
			samples[n++] = value | UINT64_C(1) << 32;
			samples[n++] = value | UINT64_C(1) << 63;
			samples[n++] = value << 32;
			samples[n++] = ~value;
		}
	}
	for (unsigned bit = 0; bit < 64 && n < max; bit++)
		samples[n++] = UINT64_C(1) << bit;
	return n;
}

static void compare_arguments(struct pair *pair, enum abi abi, const char *name)
{
	static uint64_t samples[256];
	size_t n = sample_arguments(samples, lengthof(samples));
	uint32_t number = syscalls_number(syscalls_find(str_of(name)), abi);
	if (number == SYSCALLS_NONE)
		return;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < 6; j++) {
			struct seccomp_data call = {.nr = (int)number, .arch = abis[abi].arch};
			call.args[j] = samples[i];
			compare_call(pair, abi, &call);
		}
	}
}

static void compare_number(struct pair *pair, enum abi abi, uint32_t number)
{
	static const uint64_t all[] = {0, 1, UINT64_MAX};
	for (size_t i = 0; i < lengthof(all); i++) {
		struct seccomp_data call = {
			.nr = (int)number,
			.arch = abis[abi].arch,
			.args = {all[i], all[i], all[i], all[i], all[i], all[i]},
		};
		compare_call(pair, abi, &call);
	}
}

static void compare_abi(struct pair *pair, enum abi abi)
{
	uint32_t base = abi == ABI_X32 ? 0x40000000 : 0;
	for (uint32_t i = 0; i <= 600; i++)
		compare_number(pair, abi, base + i);
	for (uint32_t i = 0xefff0; i <= 0xf0010; i++)
		compare_number(pair, abi, base + i);
	for (unsigned bit = 9; bit < 30; bit++) {
		compare_number(pair, abi, base + (1u << bit));
		compare_number(pair, abi, base + (1u << bit) - 1);
	}
	compare_number(pair, abi, base + 0x3fffffff);
	for (unsigned i = 0; i < 16 && abi != ABI_X86_64;
	     i++) // x86-64 has none there: they are x32's
		compare_number(pair, abi, 0xffffffffu - i * 0x07654321u);
	static const char *const tested[] = {"socket", "personality", "clone", "clone3"};
	for (size_t i = 0; i < lengthof(tested); i++)
		compare_arguments(pair, abi, tested[i]);
}

static void compare_foreign(struct pair *pair, uint32_t arch)
{
	for (int number = 0; number < 500; number += 7) {
		struct seccomp_data call = {.nr = number, .arch = arch};
		assert_int_equal(seccomp_run(&pair->ours, &call, NULL), SECCOMP_RET_KILL_PROCESS);
		assert_int_equal(seccomp_run(&pair->theirs, &call, NULL), SECCOMP_RET_KILL_THREAD);
	}
}

static size_t compare(struct seccomp_want want)
{
	struct pair pair = {.want = want};
	assert_int_equal(seccomp_compile(&arena, &seccomp_docker, &want, &pair.ours), 0);
	pair.theirs = by_libseccomp(&want);
	for (size_t i = 0; i < machines[want.machine].n; i++)
		compare_abi(&pair, machines[want.machine].abi[i]);
	enum seccomp_machine other = SECCOMP_MACHINES - 1 - want.machine;
	for (size_t i = 0; i < machines[other].n; i++)
		compare_foreign(&pair, abis[machines[other].abi[i]].arch);
	compare_foreign(&pair, AUDIT_ARCH_RISCV64);
	compare_foreign(&pair, 0);
	arena_free(&arena);
	return pair.calls;
}

static void compare_both(uint64_t capabilities, unsigned major, unsigned minor, bool socketcall)
{
	for (enum seccomp_machine machine = 0; machine < SECCOMP_MACHINES; machine++)
		compare((struct seccomp_want){.capabilities = capabilities,
					      .kernel = {major, minor},
					      .machine = machine,
					      .socketcall = socketcall});
}

// ---- the tests

static uint64_t capabilities_named(void)
{
	uint64_t named = 0;
	struct json_object *rules = member(oracle, "syscalls");
	for (size_t i = 0; i < list_length(rules); i++) {
		struct json_object *rule = json_object_array_get_idx(rules, i);
		named |= caps_of(member(member(rule, "includes"), "caps"));
		named |= caps_of(member(member(rule, "excludes"), "caps"));
	}
	return named;
}

static void equal_for_docker_s_capabilities(void **state unused_)
{
	for (enum seccomp_machine machine = 0; machine < SECCOMP_MACHINES; machine++) {
		struct seccomp_want want = {
			.capabilities = CAPS_DOCKER, .kernel = {6, 18}, .machine = machine};
		print_message("%zu calls compared\n", compare(want));
	}
}

static void equal_for_none_and_all(void **state unused_)
{
	compare_both(0, 6, 18, false);
	compare_both(CAPS_ALL, 6, 18, false);
	compare_both(UINT64_MAX, 6, 18, false);
}

static void equal_for_each_capability_alone(void **state unused_)
{
	uint64_t named = capabilities_named();
	assert_true(named & CAPS_BIT(CAP_SYS_ADMIN));
	for (unsigned i = 0; i < 64; i++) {
		if (named & CAPS_BIT(i))
			compare_both(CAPS_BIT(i), 6, 18, false);
	}
}

static void equal_on_every_kernel(void **state unused_)
{
	static const unsigned kernels[][2] = {{3, 19}, {4, 7}, {4, 8}, {4, 10}, {5, 0}, {7, 1}};
	for (size_t i = 0; i < lengthof(kernels); i++)
		compare_both(CAPS_DOCKER, kernels[i][0], kernels[i][1], false);
	compare_both(CAPS_BIT(CAP_SYS_PTRACE), 4, 7, false);
}

static void equal_with_socketcall(void **state unused_)
{
	compare_both(CAPS_DOCKER, 6, 18, true);
	compare_both(0, 6, 18, true);
}

int main(void)
{
	const char *folder = getenv("TARE_ORACLES");
	char path[PATH_MAX];
	snprintf(path, sizeof(path), "%s/seccomp/docker-default.json",
		 folder ? folder : TARE_ORACLES_DEFAULT);
	if (access(path, R_OK) < 0) {
		printf("skipped: no '%s'; TARE_ORACLES names the folder of oracles\n", path);
		return SKIPPED;
	}
	oracle = json_object_from_file(path);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_for_docker_s_capabilities),
		cmocka_unit_test(equal_for_none_and_all),
		cmocka_unit_test(equal_for_each_capability_alone),
		cmocka_unit_test(equal_on_every_kernel),
		cmocka_unit_test(equal_with_socketcall),
	};
	int failed = oracle ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
	json_object_put(oracle);
	return failed;
}
