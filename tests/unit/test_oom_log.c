// SPDX-License-Identifier: Apache-2.0
// test_oom_log.c - whose kills the kernel's log tells of, and who was killed
#include "kern/cgroup/oom_log.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
// cmocka wants the headers above first
#include <cmocka.h>

#define GROUP "tare-0123456789ab"
#define LINE(memcg, task)                                                                          \
	"<6>[  787.110468] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,"         \
	"mems_allowed=0," memcg ",task=" task "\n"
#define OURS "oom_memcg=/" GROUP ",task_memcg=/" GROUP

static struct arena arena;

static struct oom_kills find(const char *log)
{
	struct oom_kills kills;
	oom_log_find(&arena, str_of(log), GROUP, &kills);
	return kills;
}

static void one_is(const char *log, const char *name, uint32_t pid, uint32_t uid)
{
	struct oom_kills kills = find(log);
	assert_int_equal(kills.n, 1);
	assert_string_equal(kills.kill[0].name, name);
	assert_int_equal(kills.kill[0].pid, pid);
	assert_int_equal(kills.kill[0].uid, uid);
}

static void finds_its_own(void **state unused_)
{
	one_is("<4>[ 1.0] tail invoked oom-killer\n" LINE(OURS, "tail,pid=19218,uid=7")
		       LINE("oom_memcg=/tare-ffffffffffff,task_memcg=/tare-ffffffffffff",
			    "head,pid=1,uid=0"),
	       "tail", 19218, 7);
	one_is(LINE("oom_memcg=/a/" GROUP ",task_memcg=/a/" GROUP "/b", "x,pid=2,uid=3"), "x", 2,
	       3);
	one_is(LINE("global_oom,task_memcg=/user.slice/" GROUP, "x,pid=2,uid=3"), "x", 2, 3);
}

static void passes_over_what_is_not(void **state unused_)
{
	assert_int_equal(find("").n, 0);
	assert_int_equal(find("oom-kill:constraint=").n, 0);
	assert_int_equal(find(LINE("oom_memcg=/" GROUP "c,task_memcg=/x" GROUP, "x,pid=2,uid=3")).n,
			 0);
	assert_int_equal(find("oom-kill:constraint=X,cpuset=/" GROUP ",task=x,pid=2,uid=3\n").n, 0);
	assert_int_equal(find(LINE(OURS, "x,pid=2,uid=4294967296")).n, 0);
	assert_int_equal(find(LINE(OURS, "x,pid=-2,uid=3")).n, 0);
	assert_int_equal(find("oom-kill:constraint=X," OURS ",task=x,pid=2").n, 0);
}

// The name of a process is its own choice.
static void believes_no_name(void **state unused_)
{
	one_is(LINE(OURS, "a,pid=9,uid=9,pid=2,uid=3"), "a,pid=9,uid=9", 2, 3);
	one_is(LINE(OURS, ",pid=2,uid=3"), "", 2, 3);
}

static void keeps_the_last(void **state unused_)
{
	struct buf log = buf_new(&arena, 1 << 20);
	for (int i = 1; i <= 100; i++)
		buf_printf(&log, "oom-kill:constraint=X," OURS ",task=x,pid=%d,uid=0\n", i);
	struct oom_kills kills = find(log.p);
	assert_int_equal(kills.n, OOM_LOG_KILLS_MAX);
	assert_int_equal(kills.kill[0].pid, 100 - OOM_LOG_KILLS_MAX + 1);
	assert_int_equal(kills.kill[kills.n - 1].pid, 100);
}

static void the_kernels_own_can_be_asked(void **state unused_)
{
	struct oom_kills kills;
	oom_log_read(&arena, "tare-no-such-group", &kills);
	assert_int_equal(kills.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_its_own),
		cmocka_unit_test(passes_over_what_is_not),
		cmocka_unit_test(believes_no_name),
		cmocka_unit_test(keeps_the_last),
		cmocka_unit_test(the_kernels_own_can_be_asked),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
