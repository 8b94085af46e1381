// SPDX-License-Identifier: Apache-2.0
// test_seccomp_file.c - a user's seccomp profile: its conditions, its words, and the filter made of
// it held against libseccomp's
#include "engine/process/seccomp_file.h"

#include "base/fail.h"
#include "base/fd.h"
#include "box/plan/seccomp.h"
#include "kern/caps.h"
#include "kern/seccomp/run.h"
#include "kern/seccomp/syscalls.h"
#include "oracles.h"

#include <linux/audit.h>
#include <seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/mman.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;
static const char *missing;
static const struct facts facts = {
	.machine = "x86_64", .kernel_major = 6, .kernel_minor = 18, .last_capability = 40};

static int parse(const char *text, uint64_t capabilities, struct oci_seccomp *ret_seccomp)
{
	return seccomp_file_parse(&arena, "p.json", str_of(text), &facts, capabilities, ret_seccomp,
				  &missing);
}

static struct seccomp_filter compiled(const struct oci_seccomp *document)
{
	struct seccomp_want want = {.kernel = {6, 18}, .machine = SECCOMP_X86_64};
	struct seccomp_profile profile;
	struct seccomp_filter filter;
	unsigned flags;
	assert_int_equal(seccomp_profile_read(&arena, document, &profile, &flags), 0);
	assert_int_equal(seccomp_compile(&arena, &profile, &want, &filter), 0);
	return filter;
}

static uint32_t answer(const struct seccomp_filter *filter, const char *name, uint64_t first,
		       uint64_t second)
{
	uint32_t number = syscalls_number(syscalls_find(str_of(name)), ABI_X86_64);
	struct seccomp_data call = {
		.nr = (int)number, .arch = AUDIT_ARCH_X86_64, .args = {first, second}};
	return seccomp_run(filter, &call, NULL);
}

static void entries_are_read_as_libseccomp_reads_them(void **state unused_)
{
	struct oci_seccomp document;
	assert_int_equal(
		parse("{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": ["
		      "{\"names\": [\"mkdir\", \"rmdir\"], \"action\": \"SCMP_ACT_ERRNO\"},"
		      "{\"name\": \"chmod\", \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 30},"
		      "{\"name\": \"link\", \"action\": \"SCMP_ACT_ERRNO\", \"errno\": \"ENOSYS\"},"
		      "{\"name\": \"socket\", \"action\": \"SCMP_ACT_KILL_PROCESS\", \"args\": ["
		      "  {\"index\": 0, \"value\": 16, \"op\": \"SCMP_CMP_EQ\"},"
		      "  {\"index\": 1, \"value\": 3, \"op\": \"SCMP_CMP_NE\"}]},"
		      "{\"name\": \"kill\", \"action\": \"SCMP_ACT_TRAP\", \"args\": ["
		      "  {\"index\": 1, \"value\": 9, \"op\": \"SCMP_CMP_GE\"}]},"
		      "{\"name\": \"rmdir\", \"action\": \"SCMP_ACT_LOG\"}]}",
		      0, &document),
		0);
	assert_null(missing);
	struct seccomp_filter filter = compiled(&document);
	assert_int_equal(answer(&filter, "read", 0, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(&filter, "mkdir", 0, 0), SECCOMP_RET_ERRNO | EPERM);
	assert_int_equal(answer(&filter, "rmdir", 0, 0), SECCOMP_RET_ERRNO | EPERM);
	assert_int_equal(answer(&filter, "chmod", 0, 0), SECCOMP_RET_ERRNO | 30);
	assert_int_equal(answer(&filter, "link", 0, 0), SECCOMP_RET_ERRNO | ENOSYS);
	assert_int_equal(answer(&filter, "socket", 16, 3), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(&filter, "socket", 16, 2), SECCOMP_RET_KILL_PROCESS);
	assert_int_equal(answer(&filter, "socket", 2, 2), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(&filter, "kill", 1, 8), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(&filter, "kill", 1, 9), SECCOMP_RET_TRAP);
}

static void what_is_not_served_is_killed(void **state unused_)
{
	struct oci_seccomp document;
	assert_int_equal(parse("{\"defaultAction\": \"SCMP_ACT_ALLOW\"}", 0, &document), 0);
	struct seccomp_filter filter = compiled(&document);
	struct seccomp_data x86 = {.nr = 5, .arch = AUDIT_ARCH_I386};
	struct seccomp_data x32 = {.nr = 0x40000001, .arch = AUDIT_ARCH_X86_64};
	assert_int_equal(answer(&filter, "read", 0, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(seccomp_run(&filter, &x86, NULL), SECCOMP_RET_KILL_PROCESS);
	assert_int_equal(seccomp_run(&filter, &x32, NULL), SECCOMP_RET_KILL_PROCESS);
	assert_int_equal(parse("{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"archMap\": [{"
			       "\"architecture\": \"SCMP_ARCH_X86_64\", \"subArchitectures\": "
			       "[\"SCMP_ARCH_X86\"]}]}",
			       0, &document),
			 0);
	filter = compiled(&document);
	assert_int_equal(seccomp_run(&filter, &x86, NULL), SECCOMP_RET_ALLOW);
	assert_int_equal(seccomp_run(&filter, &x32, NULL), SECCOMP_RET_KILL_PROCESS);
}

static void a_refusal_that_cannot_be_is_told(void **state unused_)
{
	struct oci_seccomp document;
	assert_int_equal(parse("{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": ["
			       "{\"names\": [\"of_tomorrow\"], \"action\": \"SCMP_ACT_ERRNO\"}]}",
			       0, &document),
			 0);
	assert_string_equal(missing, "of_tomorrow");
}

static void mistakes_are_named(void **state unused_)
{
	static const struct {
		const char *text, *words;
	} table[] = {
		{"", "p.json"},
		{"{}", "defaultAction"},
		{"{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"bogus\": 1}", "bogus"},
		{"{\"defaultAction\": \"ALLOW\"}", "there is no action 'ALLOW'"},
		{"{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"defaultErrnoRet\": 1}", "errnoRet"},
		{"{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrno\": \"EWHAT\"}", "EWHAT"},
		{"{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"flags\": [\"X\"]}", "flag 'X'"},
		{"{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"architectures\": [\"X\"]}",
		 "architecture 'X'"},
		{"{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"architectures\": [\"SCMP_ARCH_X86\"], "
		 "\"archMap\": [{\"architecture\": \"SCMP_ARCH_X86\"}]}",
		 "architectures and archMap"},
		{"{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"action\": "
		 "\"SCMP_ACT_LOG\"}]}",
		 "without names"},
		{"{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"name\": \"read\", "
		 "\"action\": \"SCMP_ACT_LOG\", \"args\": [{\"index\": 6, \"value\": 0, \"op\": "
		 "\"SCMP_CMP_EQ\"}]}]}",
		 "index"},
		{"{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"name\": \"read\", "
		 "\"action\": \"SCMP_ACT_LOG\", \"args\": [{\"index\": 1, \"value\": 0, \"op\": "
		 "\"EQ\"}]}]}",
		 "args[0].op: wants one of SCMP_CMP_EQ"},
		{"{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"name\": \"read\", "
		 "\"action\": \"SCMP_ACT_LOG\", \"includes\": {\"minKernel\": \"new\"}}]}",
		 "minKernel 'new'"},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		struct oci_seccomp document;
		struct seccomp_profile profile;
		unsigned flags;
		fault_clear();
		int result = parse(table[i].text, 0, &document);
		if (result >= 0)
			result = seccomp_profile_read(&arena, &document, &profile, &flags);
		assert_true(result < 0);
		if (!strstr(fault_last()->text, table[i].words))
			fail_msg("'%s' lacks '%s'", fault_last()->text, table[i].words);
	}
}

static void a_filter_survives_as_text(void **state unused_)
{
	struct oci_seccomp document;
	struct seccomp_filter again;
	assert_int_equal(parse("{\"defaultAction\": \"SCMP_ACT_ALLOW\"}", 0, &document), 0);
	struct seccomp_filter filter = compiled(&document);
	const char *text = seccomp_filter_text(&arena, filter.code, filter.n);
	assert_int_equal(seccomp_filter_read(&arena, text, &again), 0);
	assert_int_equal(again.n, filter.n);
	assert_memory_equal(again.code, filter.code, filter.n * sizeof(*filter.code));
	assert_true(seccomp_filter_read(&arena, text + 1, &again) < 0);
	assert_true(seccomp_filter_read(&arena, "", &again) < 0);
	assert_true(seccomp_filter_read(&arena, "000000000000000g", &again) < 0);
}

static unsigned flags_of(const char *text)
{
	struct oci_seccomp document;
	struct seccomp_profile profile;
	unsigned flags;
	assert_int_equal(parse(text, 0, &document), 0);
	assert_int_equal(seccomp_profile_read(&arena, &document, &profile, &flags), 0);
	return flags;
}

static void an_agent_brings_a_listener(void **state unused_)
{
	assert_int_equal(flags_of("{\"defaultAction\": \"SCMP_ACT_NOTIFY\"}"),
			 SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_SPEC_ALLOW);
	assert_int_equal(flags_of("{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"flags\": ["
				  "\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\", "
				  "\"SECCOMP_FILTER_FLAG_TSYNC\"], \"syscalls\": [{\"name\": "
				  "\"read\", \"action\": \"SCMP_ACT_NOTIFY\"}]}"),
			 SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_WAIT_KILLABLE);
	assert_int_equal(flags_of("{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"flags\": ["
				  "\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\", "
				  "\"SECCOMP_FILTER_FLAG_LOG\"]}"),
			 SECCOMP_FILTER_FLAG_LOG);
}

// ---- Docker's own document gives what tare has built in

static void equals_the_built_in(uint64_t capabilities, const struct oci_seccomp *document)
{
	struct seccomp_want want = {
		.kernel = {6, 18}, .machine = SECCOMP_X86_64, .capabilities = capabilities};
	struct seccomp_filter ours, theirs = compiled(document);
	want.socketcall = true; // Docker leaves that door open, see seccomp_profile.c
	assert_int_equal(seccomp_compile(&arena, &seccomp_docker, &want, &ours), 0);
	static const uint32_t archs[] = {AUDIT_ARCH_X86_64, AUDIT_ARCH_I386};
	static const uint64_t values[] = {0, 1, 8, 37, 38, 39, 40, 41, 0x20000, 0x7e020000};
	for (size_t a = 0; a < lengthof(archs); a++) {
		for (uint32_t i = 0; i < 1200; i++) {
			uint32_t number = i < 600 ? i : 0x40000000 + i - 600;
			for (size_t v = 0; v < lengthof(values); v++) {
				struct seccomp_data call = {.nr = (int)number, .arch = archs[a]};
				for (size_t j = 0; j < 6; j++)
					call.args[j] = values[v];
				uint32_t wanted = seccomp_run(&ours, &call, NULL);
				uint32_t got = seccomp_run(&theirs, &call, NULL);
				if (wanted != got)
					fail_msg("arch %#x number %u value %#llx: %#x, not %#x",
						 archs[a], number, (unsigned long long)values[v],
						 got, wanted);
			}
		}
	}
}

static void check_document(const char *name, struct str text)
{
	static const uint64_t sets[] = {0, CAPS_DOCKER, CAPS_ALL, CAPS_BIT(CAP_SYS_ADMIN)};
	for (size_t i = 0; i < lengthof(sets); i++) {
		struct oci_seccomp document;
		assert_int_equal(seccomp_file_parse(&arena, name, text, &facts, sets[i], &document,
						    &missing),
				 0);
		if (str_eq(name, "docker-default.json"))
			equals_the_built_in(sets[i], &document);
		else
			compiled(&document);
	}
}

static void published_profiles_are_read(void **state unused_)
{
	if (!oracles_each("seccomp", check_document))
		print_message("no oracles here\n");
}

// ---- against libseccomp: documents of chance, the same for every run

static uint32_t chance_state;

static uint32_t chance(uint32_t below)
{
	chance_state = chance_state * 1664525 + 1013904223;
	return (chance_state >> 8) % below;
}

static const struct {
	const char *word;
	uint32_t theirs;
	int64_t errno_ret;
} actions[] = {
	{"SCMP_ACT_ALLOW", SCMP_ACT_ALLOW, -1},
	{"SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(EPERM), -1},
	{"SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(0), 0},
	{"SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(4094), 4094},
	{"SCMP_ACT_TRACE", SCMP_ACT_TRACE(7), 7},
	{"SCMP_ACT_TRAP", SCMP_ACT_TRAP, -1},
	{"SCMP_ACT_LOG", SCMP_ACT_LOG, -1},
	{"SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD, -1},
	{"SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD, -1},
	{"SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS, -1},
	{"SCMP_ACT_NOTIFY", SCMP_ACT_NOTIFY, -1}, // last: of libseccomp's defaults it is none
};

static const struct {
	const char *word;
	enum scmp_compare theirs;
} operators[] = {
	{"SCMP_CMP_NE", SCMP_CMP_NE},
	{"SCMP_CMP_LT", SCMP_CMP_LT},
	{"SCMP_CMP_LE", SCMP_CMP_LE},
	{"SCMP_CMP_EQ", SCMP_CMP_EQ},
	{"SCMP_CMP_GE", SCMP_CMP_GE},
	{"SCMP_CMP_GT", SCMP_CMP_GT},
	{"SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ},
};

static const uint64_t values[] = {0,
				  1,
				  2,
				  16,
				  0x7fffffff,
				  0xffffffff,
				  UINT64_C(0x100000000),
				  UINT64_C(0x100000001),
				  UINT64_C(0x8000000000000000),
				  UINT64_MAX};

// Each call has one entry, as libseccomp puts overlapping ones in an order of its own.
static void compare_with_libseccomp(void)
{
	static const char *const names[] = {"read", "socket", "kill", "clone", "mkdir", "ioctl"};
	uint32_t otherwise = chance(lengthof(actions) - 1);
	struct oci_seccomp document = {.default_action = actions[otherwise].word,
				       .default_errno_ret = actions[otherwise].errno_ret};
	struct oci_seccomp_call calls[lengthof(names)];
	scmp_filter_ctx context = seccomp_init(actions[otherwise].theirs);
	assert_non_null(context);
	for (size_t i = 0; i < lengthof(names); i++) {
		uint32_t action = chance(lengthof(actions)), args_n = chance(4);
		struct oci_seccomp_arg *args = arena_array(&arena, struct oci_seccomp_arg, 3);
		struct scmp_arg_cmp theirs[3];
		for (uint32_t j = 0; j < args_n; j++) {
			uint32_t op = chance(lengthof(operators));
			args[j] = (struct oci_seccomp_arg){
				.index = j,
				.op = operators[op].word,
				.value = values[chance(lengthof(values))],
				.value_two = values[chance(lengthof(values))],
			};

			theirs[j] = (struct scmp_arg_cmp){j, operators[op].theirs, args[j].value,
							  args[j].value_two};
		}
		const char **name = arena_new(&arena, const char *);
		*name = names[i];
		calls[i] = (struct oci_seccomp_call){.names = {name, 1},
						     .action = actions[action].word,
						     .errno_ret = actions[action].errno_ret,
						     .args = args,
						     .args_n = args_n};
		if (actions[action].theirs != actions[otherwise].theirs)
			assert_int_equal(
				seccomp_rule_add_array(context, actions[action].theirs,
						       seccomp_syscall_resolve_name(names[i]),
						       args_n, theirs),
				0);
	}
	document.syscalls = calls;
	document.syscalls_n = lengthof(names);
	struct seccomp_filter ours = compiled(&document), theirs = {0};
	_cleanup_fd_ int fd = memfd_create("bpf", MFD_CLOEXEC);
	assert_int_equal(seccomp_export_bpf(context, fd), 0);
	seccomp_release(context);
	theirs.n = (size_t)lseek(fd, 0, SEEK_END) / sizeof(*theirs.code);
	struct sock_filter *code = arena_array(&arena, struct sock_filter, theirs.n);
	assert_true(pread(fd, code, theirs.n * sizeof(*code), 0) > 0);
	theirs.code = code;
	for (size_t i = 0; i < lengthof(names); i++) {
		for (size_t round = 0; round < 200; round++) {
			struct seccomp_data call = {.arch = AUDIT_ARCH_X86_64};
			call.nr = (int)syscalls_number(syscalls_find(str_of(names[i])), ABI_X86_64);
			for (size_t j = 0; j < 3; j++)
				call.args[j] = values[chance(lengthof(values))] + chance(3) - 1;
			uint32_t wanted = seccomp_run(&theirs, &call, NULL);
			uint32_t got = seccomp_run(&ours, &call, NULL);
			if (wanted != got)
				fail_msg("%s %#llx %#llx %#llx: %#x, not %#x", names[i],
					 (unsigned long long)call.args[0],
					 (unsigned long long)call.args[1],
					 (unsigned long long)call.args[2], got, wanted);
		}
	}
	arena_free(&arena);
}

static void filters_equal_libseccomp_s(void **state unused_)
{
	for (uint32_t seed = 1; seed <= 300; seed++) {
		chance_state = seed;
		compare_with_libseccomp();
	}
}

static int give_back(void **state unused_)
{
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_read_as_libseccomp_reads_them),
		cmocka_unit_test(what_is_not_served_is_killed),
		cmocka_unit_test(a_refusal_that_cannot_be_is_told),
		cmocka_unit_test(mistakes_are_named),
		cmocka_unit_test(an_agent_brings_a_listener),
		cmocka_unit_test(a_filter_survives_as_text),
		cmocka_unit_test(published_profiles_are_read),
		cmocka_unit_test(filters_equal_libseccomp_s),
	};
	return cmocka_run_group_tests(tests, NULL, give_back);
}
