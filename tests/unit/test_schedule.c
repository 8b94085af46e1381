// SPDX-License-Identifier: Apache-2.0
// test_schedule.c - lists of memory nodes, and what the kernel makes of the three calls
#include "kern/process/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

#include <linux/ioprio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static void lists_become_bits(void **state unused_)
{
	uint64_t bits[2];
	assert_int_equal(schedule_read_list("0-3,7", bits, 128), 0);
	assert_int_equal(bits[0], 0x8f);
	assert_int_equal(schedule_read_list(" 64 , 127 - 127", bits, 128), 0);
	assert_int_equal(bits[0], 0);
	assert_true(bits[1] == (1 | 1ull << 63));
	assert_int_equal(schedule_read_list("128", bits, 128), -ERANGE);
	static const char *const bad[] = {"", ",", "1,", "-1", "3-1", "1 2", "x", "1-", "1--2"};
	for (size_t i = 0; i < lengthof(bad); i++)
		assert_int_equal(schedule_read_list(bad[i], bits, 128), -EINVAL);
}

// In a process of its own, as a nice value is not taken back without rights.
static void the_kernel_is_told(void **state unused_)
{
	assert_int_equal(schedule_set_io(IOPRIO_CLASS_BE, 6), 0);
	assert_int_equal(syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0),
			 IOPRIO_CLASS_BE << IOPRIO_CLASS_SHIFT | 6);
	assert_int_equal(schedule_set(&(struct schedule){.nice = 4}), 0);
	assert_int_equal(getpriority(PRIO_PROCESS, 0), 4);
	assert_int_equal(schedule_set(&(struct schedule){.policy = 99}), -EINVAL);
	assert_true(schedule_set_memory(0, NULL) == 0 || schedule_set_memory(0, NULL) == -ENOSYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_become_bits),
		cmocka_unit_test(the_kernel_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
