// SPDX-License-Identifier: Apache-2.0
// test_seccomp.c - the default filter: how long it takes, what it says, and one put on for real
//
// That it says what Docker's does is held by test_seccomp_oracle.c.
#include "kern/seccomp/seccomp.h"

#include "base/str.h"
#include "base/sys.h"
#include "kern/caps.h"
#include "kern/seccomp/builtin.h"
#include "kern/seccomp/run.h"
#include "kern/seccomp/syscalls.h"

#include <linux/audit.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static struct seccomp_want docker_on(enum seccomp_machine machine)
{
	return (struct seccomp_want){
		.capabilities = CAPS_DOCKER, .kernel = {6, 18}, .machine = machine};
}

static struct seccomp_filter compiled(struct seccomp_want want)
{
	struct seccomp_filter filter = {0};
	assert_int_equal(seccomp_compile(&arena, &seccomp_docker, &want, &filter), 0);
	return filter;
}

static uint32_t number_of(const char *name, enum seccomp_machine machine)
{
	enum abi abi = machine == SECCOMP_X86_64 ? ABI_X86_64 : ABI_AARCH64;
	const struct syscalls_row *row = syscalls_find(str_of(name));
	return row ? syscalls_number(row, abi) : SYSCALLS_NONE;
}

static void every_name_of_the_profile_is_a_call(void **state unused_)
{
	for (size_t i = 0; i < seccomp_docker.rows_n; i++) {
		struct str rest = str_of(seccomp_docker.rows[i].names);
		for (struct str name = str_word(&rest); name.p; name = str_word(&rest))
			assert_non_null(syscalls_find(name));
	}
}

static void usual_calls_take_few_instructions(void **state unused_)
{
	static const char *const usual[] = {
		"read",        "write",  "openat",        "close",     "newfstatat", "fstat",
		"mmap",        "munmap", "mprotect",      "brk",       "futex",      "epoll_pwait",
		"recvfrom",    "sendto", "recvmsg",       "sendmsg",   "accept4",    "socket",
		"connect",     "getpid", "clock_gettime", "nanosleep", "ioctl",      "fcntl",
		"getrandom",   "execve", "wait4",         "clone",     "exit_group", "rt_sigaction",
		"getdents64",  "lseek",  "pread64",       "writev",    "madvise",    "dup3",
		"rt_sigreturn"};
	for (enum seccomp_machine machine = 0; machine < SECCOMP_MACHINES; machine++) {
		struct seccomp_filter filter = compiled(docker_on(machine));
		uint32_t arch = machine == SECCOMP_X86_64 ? AUDIT_ARCH_X86_64 : AUDIT_ARCH_AARCH64;
		size_t most = 0;
		for (size_t i = 0; i < lengthof(usual); i++) {
			struct seccomp_data call = {.nr = (int)number_of(usual[i], machine),
						    .arch = arch};
			size_t steps;
			assert_int_equal(seccomp_run(&filter, &call, &steps), SECCOMP_RET_ALLOW);
			most = max_of(most, steps);
		}
		assert_true(most <= 24);
		assert_true(filter.n < 500);
		print_message("%s: %zu instructions, at most %zu for a usual call\n",
			      machine == SECCOMP_X86_64 ? "x86-64" : "aarch64", filter.n, most);
	}
}

static void built_in_filter_is_the_compiled_one(void **state unused_)
{
	struct seccomp_want want = docker_on(SECCOMP_NATIVE);
	struct seccomp_filter fresh = compiled(want), chosen;
	assert_int_equal(fresh.n, seccomp_builtin_n);
	assert_memory_equal(fresh.code, seccomp_builtin, fresh.n * sizeof(*fresh.code));

	assert_int_equal(seccomp_default(&arena, &want, &chosen), 0);
	assert_ptr_equal(chosen.code, seccomp_builtin);
	want.capabilities &= ~CAPS_BIT(CAP_CHOWN); // nothing in the profile asks for it
	assert_int_equal(seccomp_default(&arena, &want, &chosen), 0);
	assert_ptr_equal(chosen.code, seccomp_builtin);
}

static void other_wishes_get_other_filters(void **state unused_)
{
	struct seccomp_want other[] = {docker_on(SECCOMP_NATIVE), docker_on(SECCOMP_NATIVE),
				       docker_on(SECCOMP_NATIVE),
				       docker_on(SECCOMP_MACHINES - 1 - SECCOMP_NATIVE)};
	other[0].capabilities |= CAPS_BIT(CAP_SYS_ADMIN);
	other[1].socketcall = true;
	other[2].kernel[0] = 4;
	other[2].kernel[1] = 7;
	for (size_t i = 0; i < lengthof(other); i++) {
		struct seccomp_filter chosen, fresh = compiled(other[i]);
		assert_int_equal(seccomp_default(&arena, &other[i], &chosen), 0);
		assert_ptr_not_equal(chosen.code, seccomp_builtin);
		assert_int_equal(chosen.n, fresh.n);
		assert_memory_equal(chosen.code, fresh.code, fresh.n * sizeof(*fresh.code));
	}
}

static void lets_through_what_a_start_still_needs(void **state unused_)
{
	static const char *const needed[] = {
		"execve",    "exit",  "exit_group", "prctl", "capset",  "setresuid",
		"setresgid", "write", "setgroups",  "read",  "sendmsg", "close_range",
		"openat2",   "dup3",  "fcntl",      "umask", "fchdir",  "rt_sigprocmask"};
	static const char *const refused[] = {"mount",  "unshare", "setns",          "bpf",
					      "reboot", "swapon",  "io_uring_setup", "keyctl"};
	for (enum seccomp_machine machine = 0; machine < SECCOMP_MACHINES; machine++) {
		struct seccomp_filter filter = compiled(docker_on(machine));
		for (size_t i = 0; i < lengthof(needed); i++)
			assert_false(
				seccomp_denies(&filter, machine, number_of(needed[i], machine)));
		for (size_t i = 0; i < lengthof(refused); i++)
			assert_true(
				seccomp_denies(&filter, machine, number_of(refused[i], machine)));
	}
}

static void bad_programs_kill(void **state unused_)
{
	static const struct sock_filter bad[][2] = {
		{{BPF_JMP | BPF_JA, 0, 0, UINT32_MAX}, {BPF_RET | BPF_K, 0, 0, 0}},
		{{BPF_JMP | BPF_JEQ | BPF_K, 255, 255, 0}, {BPF_RET | BPF_K, 0, 0, 0}},
		{{BPF_LD | BPF_W | BPF_ABS, 0, 0, sizeof(struct seccomp_data)},
		 {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}},
		{{BPF_LD | BPF_W | BPF_ABS, 0, 0, 2}, {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}},
		{{BPF_LDX | BPF_W | BPF_MEM, 0, 0, 0}, {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}},
		{{BPF_LD | BPF_W | BPF_ABS, 0, 0, 0}, {BPF_LD | BPF_W | BPF_ABS, 0, 0, 0}},
	};
	struct seccomp_data call = {.nr = 1};
	for (size_t i = 0; i < lengthof(bad); i++) {
		struct seccomp_filter filter = {bad[i], lengthof(bad[i])};
		assert_int_equal(seccomp_run(&filter, &call, NULL), SECCOMP_RET_KILL_PROCESS);
	}
}

// Runs in a child that has put the filter on; says by its exit status which line was wrong.
static noreturn_ void confined(const struct seccomp_filter *filter)
{
#define EXPECT(condition)                                                                          \
	do {                                                                                       \
		if (!(condition))                                                                  \
			sys_call(SYS_exit_group, __LINE__ % 250 + 1);                              \
	} while (0)
	EXPECT(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	EXPECT(seccomp_install(filter->code, filter->n, SECCOMP_FLAGS) == 0);
	EXPECT(sys_call(SYS_getpid) > 0);
	EXPECT(sys_call(SYS_unshare, CLONE_NEWUSER) == -EPERM);
	EXPECT(sys_call(SYS_clone, CLONE_NEWUSER | SIGCHLD) == -EPERM);
	EXPECT(sys_call(SYS_clone3, NULL, 0) == -ENOSYS);
	EXPECT(sys_call(SYS_keyctl, 0, -3, 0) == -EPERM);
	EXPECT(sys_call(SYS_bpf, 0, NULL, 0) == -EPERM);
	EXPECT(sys_call(SYS_personality, 0xffffffff) >= 0);
	EXPECT(sys_call(SYS_personality, ADDR_NO_RANDOMIZE) == -EPERM);
	EXPECT(sys_call(SYS_socket, AF_ALG, SOCK_SEQPACKET, 0) == -EPERM);
	EXPECT(sys_call(SYS_socket, AF_VSOCK, SOCK_STREAM, 0) == -EPERM);
	EXPECT(sys_call(SYS_socket, AF_UNIX, SOCK_STREAM, 0) >= 0);
	EXPECT(sys_call(SYSCALLS_NEWEST + 1) == -ENOSYS);
	long child = sys_call(SYS_clone, SIGCHLD);
	if (child == 0)
		sys_call(SYS_exit_group, 0);
	EXPECT(child > 0 && sys_call(SYS_wait4, child, NULL, 0, NULL) == child);
	sys_call(SYS_exit_group, 0);
	__builtin_unreachable();
}

static void holds_in_the_kernel(void **state unused_)
{
	struct seccomp_want want = docker_on(SECCOMP_NATIVE);
	struct seccomp_filter filter;
	assert_int_equal(seccomp_default(&arena, &want, &filter), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		confined(&filter);
	int status = -1;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int give_back(void **state unused_)
{
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_of_the_profile_is_a_call),
		cmocka_unit_test(usual_calls_take_few_instructions),
		cmocka_unit_test(built_in_filter_is_the_compiled_one),
		cmocka_unit_test(other_wishes_get_other_filters),
		cmocka_unit_test(lets_through_what_a_start_still_needs),
		cmocka_unit_test(bad_programs_kill),
		cmocka_unit_test(holds_in_the_kernel),
	};
	return cmocka_run_group_tests(tests, NULL, give_back);
}
