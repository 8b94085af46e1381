// SPDX-License-Identifier: Apache-2.0
// test_syscalls.c - our numbers against those of libseccomp
#include "kern/seccomp/syscalls.h"

#include <seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static const uint32_t arch_of[ABI_COUNT] = {
	[ABI_X86_64] = SCMP_ARCH_X86_64,   [ABI_X86] = SCMP_ARCH_X86, [ABI_X32] = SCMP_ARCH_X32,
	[ABI_AARCH64] = SCMP_ARCH_AARCH64, [ABI_ARM] = SCMP_ARCH_ARM,
};

// What libseccomp calls the number, in memory of its own; NULL: nothing.
static char *name_by_libseccomp(enum abi abi, uint32_t number)
{
	return seccomp_syscall_resolve_num_arch(arch_of[abi], (int)number);
}

static void is_in_order(void **state unused_)
{
	for (size_t i = 1; i < syscalls_n; i++)
		assert_true(strcmp(syscalls[i - 1].name, syscalls[i].name) < 0);
}

static void every_name_is_found(void **state unused_)
{
	for (size_t i = 0; i < syscalls_n; i++)
		assert_ptr_equal(syscalls_find(str_of(syscalls[i].name)), &syscalls[i]);
	static const char *const wrong[] = {"", "rea", "reads", "zzz", "READ", "socketcal"};
	for (size_t i = 0; i < lengthof(wrong); i++)
		assert_null(syscalls_find(str_of(wrong[i])));
	assert_non_null(syscalls_find((struct str){"readlinkat", 4}));
}

// Linux 6.6 had this call, but not for x32; later it has, and some libseccomps stayed with 6.6.
static bool came_to_x32_later(const char *name, enum abi abi)
{
	return abi == ABI_X32 && str_eq(name, "map_shadow_stack");
}

// libseccomp answers with a negative number where an ABI lacks a call, and also for calls of x86
// that socketcall and ipc stand in for; those it knows by number only.
static void names_have_the_same_numbers(void **state unused_)
{
	size_t unknown = 0;
	for (size_t i = 0; i < syscalls_n; i++) {
		for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
			uint32_t ours = syscalls_number(&syscalls[i], abi);
			int theirs =
				seccomp_syscall_resolve_name_arch(arch_of[abi], syscalls[i].name);
			if (ours == SYSCALLS_NONE) {
				assert_true(theirs < 0);
			} else if (theirs == __NR_SCMP_ERROR ||
				   (theirs < 0 && came_to_x32_later(syscalls[i].name, abi))) {
				unknown++;
			} else if (theirs < 0) {
				char *name = name_by_libseccomp(abi, ours);
				assert_int_equal(abi, ABI_X86);
				assert_non_null(name);
				assert_string_equal(name, syscalls[i].name);
				free(name);
			} else {
				assert_int_equal(ours, theirs);
			}
		}
	}
	print_message("%zu numbers are newer than this libseccomp\n", unknown);
}

static void numbers_have_the_same_names(void **state unused_)
{
	for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
		for (uint32_t i = 0; i <= 0x100000; i++) {
			uint32_t number = abi == ABI_X32 ? i | SYSCALLS_X32_BIT : i;
			if (i == 1000)
				i = SYSCALLS_ARM_FIRST - 100;
			if (i == SYSCALLS_ARM_LAST + 100)
				break;
			char *theirs = name_by_libseccomp(abi, number);
			const char *ours = syscalls_name(abi, number);
			if (theirs)
				assert_string_equal(ours, theirs);
			assert_false(ours && syscalls_is_newer(abi, number));
			free(theirs);
		}
	}
}

static void ends_where_the_table_ends(void **state unused_)
{
	for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
		uint32_t bit = abi == ABI_X32 ? SYSCALLS_X32_BIT : 0;
		assert_string_equal(syscalls_name(abi, SYSCALLS_NEWEST | bit), "file_setattr");
		assert_false(syscalls_is_newer(abi, SYSCALLS_NEWEST | bit));
		assert_true(syscalls_is_newer(abi, (SYSCALLS_NEWEST + 1) | bit));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_in_order),
		cmocka_unit_test(every_name_is_found),
		cmocka_unit_test(names_have_the_same_numbers),
		cmocka_unit_test(numbers_have_the_same_names),
		cmocka_unit_test(ends_where_the_table_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
