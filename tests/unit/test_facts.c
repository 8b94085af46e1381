// SPDX-License-Identifier: Apache-2.0
// test_facts.c - gathering facts, as root and as an ordinary user
#include "kern/facts.h"

#include "base/fail.h"

#include <grp.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static void knows_the_caller(void **state unused_)
{
	struct facts facts;
	struct utsname kernel;
	uname(&kernel);
	assert_int_equal(facts_gather(&arena, FACTS_CHEAP, NULL, &facts), 0);
	assert_int_equal(facts.uid, geteuid());
	assert_int_equal(facts.gid, getegid());
	assert_string_equal(facts.machine, kernel.machine);
	assert_true(str_starts(kernel.release, arena_printf(&arena, "%u.%u", facts.kernel_major,
							    facts.kernel_minor)));
	assert_true(facts.last_capability >= 37 && facts.last_capability < 64);
	assert_true(facts.bounding >> facts.last_capability <= 1);
	if (facts.uid == 0)
		assert_string_equal(facts.user, "root");
}

static void the_document_has_all_of_it(void **state unused_)
{
	struct facts facts, read;
	assert_int_equal(facts_gather(&arena, FACTS_CHEAP, NULL, &facts), 0);
	struct str text = facts_to_json(&arena, &facts);
	assert_int_equal(facts_from_json(&arena, text, &read), 0);
	assert_string_equal(facts_to_json(&arena, &read).p, text.p);
}

static void each_controller_is_where_it_is_said_to_be(void **state unused_)
{
	static const char *const file[CONTROLLER_COUNT] = {
		[CONTROLLER_CPU] = "cpu.stat",
		[CONTROLLER_CPUACCT] = "cpuacct.usage",
		[CONTROLLER_CPUSET] = "cpuset.cpus",
		[CONTROLLER_MEMORY] = "memory.limit_in_bytes",
		[CONTROLLER_PIDS] = "cgroup.procs",
		[CONTROLLER_DEVICES] = "devices.list",
		[CONTROLLER_FREEZER] = "cgroup.procs",
		[CONTROLLER_BLKIO] = "cgroup.procs",
		[CONTROLLER_HUGETLB] = "cgroup.procs",
		[CONTROLLER_RDMA] = "cgroup.procs",
		[CONTROLLER_NET_CLS] = "cgroup.procs",
		[CONTROLLER_NET_PRIO] = "cgroup.procs",
	};
	struct facts facts;
	assert_int_equal(facts_gather(&arena, FACTS_CHEAP, NULL, &facts), 0);
	for (int i = 0; i < CONTROLLER_COUNT; i++) {
		const struct facts_controller *at = &facts.controller[i];
		if (at->kind == CGROUP_V1)
			assert_int_equal(
				access(arena_printf(&arena, "%s/%s", at->directory, file[i]), F_OK),
				0);
		else
			assert_true((at->kind == CGROUP_V2) == (at->directory != NULL));
		assert_true(!at->directory || at->own[0] == '/');
	}
}

// Where it is kept that overlay works on the file system of `place`.
static const char *kept_file(const char *place, uid_t uid)
{
	struct stat is;
	return stat(place, &is) < 0 ? ""
				    : arena_printf(&arena, "%s/overlay-%llx-%u", place,
						   (unsigned long long)is.st_dev, uid);
}

// Runs in a process of user 65534 (who has no ranges); true when all was as it should be.
static bool look_as_user(const char *cache)
{
	const struct facts_places places = {cache, cache};
	struct facts facts;
	struct stat kept;
	unsigned want = FACTS_USER_NAMESPACE | FACTS_OVERLAY;
	if (facts_gather(&arena, want, &places, &facts) || facts.uid != geteuid() ||
	    facts.capabilities)
		return false;
	bool works = facts.overlay_in_userns;
	if (facts.user_namespace_denied)
		return !works;
	if (!works) // a kernel below 5.11, or an old tmpfs for /tmp
		print_message("overlay does not work in a user namespace here\n");
	if ((stat(kept_file(cache, facts.uid), &kept) == 0 && kept.st_size >= 36) != works)
		return false;
	// The second time the answer comes from the cache.
	return facts_gather(&arena, want, &places, &facts) == 0 && facts.overlay_in_userns == works;
}

static void a_user_learns_of_his_namespaces(void **state unused_)
{
	char cache[] = "/tmp/tare-facts-XXXXXX";
	assert_non_null(mkdtemp(cache));
	// What a trial left that was killed: its process is gone, as no number is this high.
	const char *left = arena_printf(&arena, "%s/.overlay-%d", cache, INT_MAX);
	assert_int_equal(mkdir(left, 0700), 0);
	assert_int_equal(mkdir(arena_printf(&arena, "%s/lower", left), 0700), 0);
	uid_t user = getuid() ? getuid() : 65534;
	assert_int_equal(chown(cache, user, -1), 0);
	assert_int_equal(chown(left, user, -1), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (getuid() == 0 && (setgroups(0, NULL) || setgid(65534) || setuid(65534)))
			_exit(2);
		prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); // else its files in /proc are root's
		_exit(look_as_user(cache) ? 0 : 1);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	unlink(kept_file(cache, user));
	unlink(arena_printf(&arena, "%s/userns-%u", cache, user));
	// Nothing else is left: the trial has cleared up after itself, and after the other.
	assert_int_equal(rmdir(cache), 0);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_caller),
		cmocka_unit_test(the_document_has_all_of_it),
		cmocka_unit_test(each_controller_is_where_it_is_said_to_be),
		cmocka_unit_test(a_user_learns_of_his_namespaces),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
