// SPDX-License-Identifier: Apache-2.0
// test_watch.c - filters that ask the watcher, and the profile that it writes
#include "box/watch/watch.h"

#include "box/plan/seccomp.h"
#include "box/plan/watch.h"
#include "engine/process/seccomp_file.h"
#include "kern/caps.h"
#include "kern/seccomp/run.h"

#include <linux/audit.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;
static const struct facts facts = {
	.machine = "x86_64", .kernel_major = 6, .kernel_minor = 18, .last_capability = 40};
static const struct seccomp_want want = {
	.capabilities = CAPS_DOCKER, .kernel = {6, 18}, .machine = SECCOMP_X86_64};

static struct seccomp_data call_of(const char *name, enum abi abi, uint64_t first)
{
	return (struct seccomp_data){
		.nr = (int)syscalls_number(syscalls_find(str_of(name)), abi),
		.arch = abi == ABI_X86 ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64,
		.args = {first},
	};
}

static uint32_t answer(const struct seccomp_filter *filter, const char *name, enum abi abi,
		       uint64_t first)
{
	struct seccomp_data call = call_of(name, abi, first);
	return seccomp_run(filter, &call, NULL);
}

static struct seccomp_filter asking(enum box_watch watch)
{
	struct seccomp_filter judge, filter;
	assert_int_equal(seccomp_compile(&arena, &seccomp_docker, &want, &judge), 0);
	assert_int_equal(plan_watch_filter(&arena, watch, &judge, &filter), 0);
	return filter;
}

static void record_asks_about_what_passes(void **state unused_)
{
	struct seccomp_filter filter = asking(BOX_WATCH_RECORD);
	assert_int_equal(answer(&filter, "sendmsg", ABI_X86_64, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(&filter, "sendmsg", ABI_X86, 0), SECCOMP_RET_USER_NOTIF);
	assert_int_equal(answer(&filter, "sendmsg", ABI_X32, 0), SECCOMP_RET_USER_NOTIF);
	assert_int_equal(answer(&filter, "read", ABI_X86_64, 0), SECCOMP_RET_USER_NOTIF);
	assert_int_equal(answer(&filter, "clone", ABI_X86_64, 0), SECCOMP_RET_USER_NOTIF);
	assert_int_equal(answer(&filter, "clone", ABI_X86_64, CLONE_NEWUSER),
			 SECCOMP_PROFILE_REFUSAL);
	assert_int_equal(answer(&filter, "mount", ABI_X86_64, 0), SECCOMP_PROFILE_REFUSAL);
}

static void explain_asks_about_what_is_refused(void **state unused_)
{
	struct seccomp_filter filter = asking(BOX_WATCH_EXPLAIN);
	struct seccomp_data foreign = {.nr = 0, .arch = AUDIT_ARCH_ARM};
	assert_int_equal(answer(&filter, "sendmsg", ABI_X86_64, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(&filter, "read", ABI_X86_64, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(&filter, "mount", ABI_X86_64, 0), SECCOMP_RET_USER_NOTIF);
	assert_int_equal(answer(&filter, "clone", ABI_X86_64, CLONE_NEWUSER),
			 SECCOMP_RET_USER_NOTIF);
	assert_int_equal(seccomp_run(&filter, &foreign, NULL), SECCOMP_RET_KILL_PROCESS);
}

static void a_full_filter_has_no_room(void **state unused_)
{
	struct sock_filter *code = arena_array(&arena, struct sock_filter, BPF_MAXINSNS);
	struct seccomp_filter judge = {code, BPF_MAXINSNS}, filter;
	assert_int_equal(plan_watch_filter(&arena, BOX_WATCH_RECORD, &judge, &filter), -E2BIG);
	assert_int_equal(plan_watch_filter(&arena, BOX_WATCH_EXPLAIN, &judge, &filter), 0);
}

// --- the profile --------------------------------------------------------------------------------

static struct box_spec spec = {.seccomp = BOX_SECCOMP_DEFAULT};
static const struct plan plan = {.spec = &spec, .facts = &facts, .bounding = CAPS_DOCKER};
static const struct watch watch = {.plan = &plan};
static struct watch_seen seen;

static void made(const char *name, enum abi abi)
{
	seen.made[syscalls_find(str_of(name)) - syscalls] |= (uint8_t)(1u << abi);
}

static void begin(enum box_seccomp seccomp)
{
	spec.seccomp = seccomp;
	seen = (struct watch_seen){.arena = &arena, .watch = &watch};
	seen.made = arena_array(&arena, uint8_t, syscalls_n);
}

// The filter of the profile that was written, read as --security-opt seccomp=FILE reads it.
static struct seccomp_filter written(void)
{
	struct buf out = buf_new(&arena, WATCH_PROFILE_MAX);
	struct oci_seccomp document;
	struct seccomp_profile profile;
	struct seccomp_filter filter;
	const char *missing;
	unsigned flags;
	watch_profile_print(&seen, &out);
	assert_int_equal(seccomp_file_parse(&arena, "p.json", buf_str(&out), &facts, CAPS_DOCKER,
					    &document, &missing),
			 0);
	assert_null(missing);
	assert_int_equal(seccomp_profile_read(&arena, &document, &profile, &flags), 0);
	assert_int_equal(seccomp_compile(&arena, &profile, &want, &filter), 0);
	return filter;
}

static void a_profile_allows_what_was_made(void **state unused_)
{
	begin(BOX_SECCOMP_DEFAULT);
	made("read", ABI_X86_64);
	made("clone", ABI_X86_64);
	made("socket", ABI_X86_64);
	struct seccomp_filter filter = written();
	assert_int_equal(answer(&filter, "read", ABI_X86_64, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(&filter, "write", ABI_X86_64, 0), SECCOMP_PROFILE_REFUSAL);
	assert_int_equal(answer(&filter, "read", ABI_X86, 0), SECCOMP_RET_KILL_PROCESS);
	assert_int_equal(answer(&filter, "execve", ABI_X86_64, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(&filter, "sendmsg", ABI_X86_64, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(&filter, "clone", ABI_X86_64, CLONE_VM), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(&filter, "clone", ABI_X86_64, CLONE_VM | CLONE_NEWUSER),
			 SECCOMP_PROFILE_REFUSAL);
	assert_int_equal(answer(&filter, "socket", ABI_X86_64, 2), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(&filter, "socket", ABI_X86_64, 38), SECCOMP_PROFILE_REFUSAL);
	assert_int_equal(answer(&filter, "socket", ABI_X86_64, 39), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(&filter, "socket", ABI_X86_64, 40), SECCOMP_PROFILE_REFUSAL);
}

static void a_profile_serves_the_abis_that_were_used(void **state unused_)
{
	begin(BOX_SECCOMP_UNCONFINED);
	made("read", ABI_X86);
	made("clone", ABI_X86);
	struct seccomp_filter filter = written();
	assert_int_equal(answer(&filter, "read", ABI_X86, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(&filter, "write", ABI_X86, 0), SECCOMP_PROFILE_REFUSAL);
	assert_int_equal(answer(&filter, "clone", ABI_X86, CLONE_NEWUSER), SECCOMP_RET_ALLOW);
}

static void check_line(const char *name, int error, unsigned times, const char *wanted)
{
	struct buf out = buf_new(&arena, 1024);
	struct watch_refusal refusal = {.call = call_of(name, ABI_X86_64, CLONE_NEWUSER),
					.error = error,
					.pid = 7,
					.comm = "a\033b",
					.times = times};
	watch_refusal_print(&seen, &refusal, &out);
	assert_string_equal(out.p, wanted);
}

static void a_refusal_is_a_line(void **state unused_)
{
	begin(BOX_SECCOMP_DEFAULT);
	check_line("clone", EPERM, 1,
		   "seccomp refused clone to 'a\\x1bb', process 7: Operation not permitted; "
		   "--cap-add SYS_ADMIN allows it");
	check_line("keyctl", EPERM, 2,
		   "seccomp refused keyctl to 'a\\x1bb', process 7, 2 times: Operation not "
		   "permitted; --security-opt seccomp=FILE allows it, with a profile that names "
		   "it");
	begin(BOX_SECCOMP_PROFILE);
	check_line("read", ENOSYS, 1,
		   "seccomp refused read to 'a\\x1bb', process 7: Function not implemented; "
		   "--security-opt seccomp=FILE allows it, with a profile that names it");
}

static int give_back(void **state unused_)
{
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(record_asks_about_what_passes),
		cmocka_unit_test(explain_asks_about_what_is_refused),
		cmocka_unit_test(a_full_filter_has_no_room),
		cmocka_unit_test(a_profile_allows_what_was_made),
		cmocka_unit_test(a_profile_serves_the_abis_that_were_used),
		cmocka_unit_test(a_refusal_is_a_line),
	};
	return cmocka_run_group_tests(tests, NULL, give_back);
}
