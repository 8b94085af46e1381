// SPDX-License-Identifier: Apache-2.0
// test_task.c - what /proc tells of a process
#include "kern/process/task.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static const char text[] = "Name:\ta\\nb: c\n"
			   "Umask:\t0022\n"
			   "State:\tS (sleeping)\n"
			   "Tgid:\t300\n"
			   "PPid:\t7\n"
			   "Uid:\t1000\t1001\t1002\t1003\n"
			   "Gid:\t0\t5\t0\t0\n"
			   "Groups:\t1 2 3 \n"
			   "NSpid:\t300\t12\t1\n"
			   "VmRSS:\t    1024 kB\n"
			   "Threads:\t2\n"
			   "CapInh:\t0000000000000000\n"
			   "CapPrm:\t00000000a80425fb\n"
			   "CapEff:\t00000000a80425fb\n"
			   "CapBnd:\t000001ffffffffff\n"
			   "CapAmb:\t0000000000000001\n"
			   "NoNewPrivs:\t1\n"
			   "Seccomp:\t2\n"
			   "Seccomp_filters:\t3\n";

static void reads_a_status(void **state unused_)
{
	struct task_status status;
	assert_int_equal(task_status_read(&arena, str_of(text), &status), 0);
	assert_string_equal(status.name, "a\\nb: c");
	assert_int_equal(status.state, 'S');
	assert_int_equal(status.tgid, 300);
	assert_int_equal(status.ppid, 7);
	assert_int_equal(status.uid, 1001);
	assert_int_equal(status.gid, 5);
	assert_int_equal(status.groups_n, 3);
	assert_int_equal(status.pid_n, 3);
	assert_int_equal(status.pid[0], 300);
	assert_int_equal(status.pid[2], 1);
	assert_int_equal(status.memory, 1 << 20);
	assert_int_equal(status.threads, 2);
	assert_int_equal(status.caps[TASK_EFFECTIVE], 0xa80425fb);
	assert_int_equal(status.caps[TASK_AMBIENT], 1);
	assert_true(status.no_new_privs);
	assert_int_equal(status.seccomp, 2);
	assert_int_equal(status.filters, 3);
}

static void refuses_what_is_none(void **state unused_)
{
	struct task_status status;
	assert_int_equal(task_status_read(&arena, STR(""), &status), -EINVAL);
	assert_int_equal(task_status_read(&arena, STR("Name:\tx\nTgid:\t1\n"), &status), -EINVAL);
	assert_int_equal(task_status_read(&arena, STR("Name:\tx\nNSpid:\t1\n"), &status), -EINVAL);
}

static void reads_maps(void **state unused_)
{
	struct id_map map[TASK_MAP_LINES];
	size_t n;
	uint32_t inside;
	task_map_read(STR("         0       1000          1\n1 100000 65536\nx\n0 0 0\n"), map, &n);
	assert_int_equal(n, 2);
	assert_true(task_map_inside(map, n, 1000, &inside));
	assert_int_equal(inside, 0);
	assert_true(task_map_inside(map, n, 165535, &inside));
	assert_int_equal(inside, 65536);
	assert_false(task_map_inside(map, n, 165536, &inside));
	assert_false(task_map_inside(map, n, 0, &inside));
}

static void reads_limits(void **state unused_)
{
	struct task_limit limits[TASK_LIMITS];
	size_t n;
	task_limits_read(
		&arena,
		STR("Limit                     Soft Limit           Hard Limit           "
		    "Units     \n"
		    "Max cpu time              unlimited            unlimited            "
		    "seconds   \n"
		    "Max nice priority         0                    5                    \n"
		    "Max short\n"),
		limits, &n);
	assert_int_equal(n, 2);
	assert_string_equal(limits[0].name, "cpu time");
	assert_string_equal(limits[0].soft, "unlimited");
	assert_string_equal(limits[0].unit, "seconds");
	assert_string_equal(limits[1].name, "nice priority");
	assert_string_equal(limits[1].hard, "5");
	assert_string_equal(limits[1].unit, "");
}

// Whatever the number comes to mean, the open directory means the process that had it.
static void knows_a_process_by_its_directory(void **state unused_)
{
	_cleanup_task_ struct task task = TASK_NONE;
	struct task_status status;
	struct str got;
	struct stat ours;
	uint64_t number;
	pid_t child = fork();
	if (child == 0) {
		pause();
		_exit(0);
	}
	assert_int_equal(task_open(child, &task), 0);
	assert_int_equal(task_read(&arena, &task, "status", TASK_STATUS_MAX, &got), 0);
	assert_int_equal(task_status_read(&arena, got, &status), 0);
	assert_int_equal(status.tgid, child);
	assert_int_equal(status.ppid, getpid());
	assert_non_null(task_link(&arena, &task, "exe"));
	assert_int_equal(task_namespace(&task, "pid", &number), 0);
	assert_int_equal(stat("/proc/self/ns/pid", &ours), 0);
	assert_int_equal(number, ours.st_ino);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_int_equal(task_read(&arena, &task, "status", TASK_STATUS_MAX, &got), -ESRCH);
	assert_null(task_link(&arena, &task, "exe"));
	assert_int_equal(task_open(child, &(struct task){0}), -ESRCH);
	assert_int_equal(task_open(0, &(struct task){0}), -ESRCH);
	assert_int_equal(task_open(-1, &(struct task){0}), -ESRCH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_status),
		cmocka_unit_test(refuses_what_is_none),
		cmocka_unit_test(reads_maps),
		cmocka_unit_test(reads_limits),
		cmocka_unit_test(knows_a_process_by_its_directory),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
