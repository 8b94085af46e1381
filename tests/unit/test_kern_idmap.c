// SPDX-License-Identifier: Apache-2.0
// test_kern_idmap.c - subordinate ranges, and who writes which map
#include "kern/namespaces/idmap.h"

#include "base/buf.h"
#include "base/fail.h"
#include "base/fd.h"
#include "base/sys.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static void finds_the_largest_range(void **state unused_)
{
	static const struct {
		const char *text, *user;
		uint32_t uid, first, count;
	} table[] = {
		{"", "app", 1000, 0, 0},
		{"app:100000:65536\n", "app", 1000, 100000, 65536},
		{"app:100000:65536", "app", 1000, 100000, 65536},
		{"1000:100000:65536\n", "app", 1000, 100000, 65536},
		{"1000:100000:65536\n", NULL, 1000, 100000, 65536},
		{"app:1:10\napp:100:20\napp:200:5\n", "app", 1000, 100, 20},
		{"application:1:10\n:2:20\n# app:3:4\n", "app", 1000, 0, 0},
		{"app:1:0\n", "app", 1000, 0, 0},
		{"app:-1:10\napp:1:-10\napp:1\napp\napp::\napp:1:2:3\n", "app", 1000, 0, 0},
		{"app:4294967295:1\n", "app", 1000, 0, 0},
		{"app:4294967294:1\n", "app", 1000, 4294967294, 1},
		{"app:2:4294967295\n", "app", 1000, 0, 0},
		{"app:99999999999999999999:1\n", "app", 1000, 0, 0},
	};
	for (size_t i = 0; i < lengthof(table); i++) {
		struct facts_id_range range =
			idmap_range(str_of(table[i].text), table[i].user, table[i].uid);
		assert_int_equal(range.first, table[i].first);
		assert_int_equal(range.count, table[i].count);
	}
}

static void chooses_who_writes(void **state unused_)
{
	const struct id_map own = {0, 1000, 1}, other = {0, 2000, 1};
	const struct id_map range[] = {{0, 1000, 1}, {1, 100000, 65536}};
	const struct id_maps single = {&own, 1, &own, 1}, foreign = {&other, 1, &own, 1},
			     many = {range, 2, range, 2};
	struct facts facts = {.uid = 1000, .gid = 1000};
	enum idmap_way way;
	assert_int_equal(idmap_choose(&single, &facts, &way), 0);
	assert_int_equal(way, IDMAP_WRITE_OWN);
	assert_int_equal(idmap_choose(&foreign, &facts, &way), -EPERM);
	assert_int_equal(idmap_choose(&many, &facts, &way), -EPERM);
	facts.newuidmap = "/usr/bin/newuidmap";
	facts.newgidmap = "/usr/bin/newgidmap";
	assert_int_equal(idmap_choose(&many, &facts, &way), 0);
	assert_int_equal(way, IDMAP_BY_HELPERS);
	facts.capabilities = UINT64_C(1) << CAP_SETUID | UINT64_C(1) << CAP_SETGID;
	assert_int_equal(idmap_choose(&many, &facts, &way), 0);
	assert_int_equal(way, IDMAP_WRITE);
	assert_string_equal(idmap_text(&arena, range, 2), "0 1000 1\n1 100000 65536\n");
}

static void refuses_what_the_kernel_would(void **state unused_)
{
	static const struct {
		struct id_map map[2];
		const char *words;
	} table[] = {
		{{{0, 0, 10}, {9, 100, 10}}, "user id map: ranges 1 and 2 overlap"},
		{{{0, 0, 10}, {10, 9, 10}}, "user id map: ranges 1 and 2 overlap"},
		{{{0, 0, 10}, {10, 10, 0}}, "user id map: range 2 is empty or too long"},
		{{{0, 4294967290, 10}, {10, 10, 1}}, "user id map: range 1 is empty or too long"},
	};
	const struct facts facts = {0};
	enum idmap_way way;
	for (size_t i = 0; i < lengthof(table); i++) {
		const struct id_maps maps = {table[i].map, 2, table[i].map, 2};
		assert_int_equal(idmap_choose(&maps, &facts, &way), -EINVAL);
		assert_string_equal(fault_last()->text, table[i].words);
	}
	const struct id_maps none = {0};
	assert_int_equal(idmap_choose(&none, &facts, &way), -EINVAL);
	assert_string_equal(fault_last()->text, "user id map: no ids");
}

// A child in a new user namespace that waits until the pipe is closed.
static pid_t child_in_namespace(int *ret_hold)
{
	int ready[2], hold[2];
	char byte;
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	assert_int_equal(pipe2(hold, O_CLOEXEC), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(hold[1]);
		bool made = unshare(CLONE_NEWUSER) == 0;
		if (made && write(ready[1], "r", 1) == 1)
			made = read(hold[0], &byte, 1) == 0;
		_exit(made ? 0 : 1);
	}
	close(ready[1]);
	close(hold[0]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	*ret_hold = hold[1];
	return pid;
}

static void maps_this_user(void **state unused_)
{
	struct facts facts = {0};
	assert_int_equal(facts_gather(&arena, FACTS_USER_NAMESPACE, NULL, &facts), 0);
	if (facts.user_namespace_denied) {
		print_message("skipped: user namespaces are denied here\n");
		skip();
	}
	const struct id_map uid = {0, facts.uid, 1}, gid = {0, facts.gid, 1};
	const struct id_maps maps = {&uid, 1, &gid, 1};
	enum idmap_way way;
	_cleanup_fd_ int hold = -1;
	pid_t pid = child_in_namespace(&hold);
	assert_int_equal(idmap_choose(&maps, &facts, &way), 0);
	assert_int_equal(idmap_apply(&arena, pid, way, &maps, &facts), 0);
	struct str text;
	assert_int_equal(file_read(&arena, AT_FDCWD,
				   arena_printf(&arena, "/proc/%d/uid_map", (int)pid), 256, &text),
			 0);
	assert_non_null(strstr(text.p, arena_printf(&arena, "%u", facts.uid)));

	// A second time is an error, which names the file.
	assert_int_equal(idmap_apply(&arena, pid, IDMAP_WRITE, &maps, &facts), -EPERM);
	assert_string_equal(fault_last()->text,
			    arena_printf(&arena,
					 "write '/proc/%d/uid_map': Operation not permitted",
					 (int)pid));

	// newuidmap's complaint is passed on.
	facts.newuidmap = "/bin/cat";
	assert_int_equal(idmap_apply(&arena, pid, IDMAP_BY_HELPERS, &maps, &facts), -EPERM);
	assert_true(str_starts(fault_last()->text, "/bin/cat: /bin/cat: "));
	facts.newuidmap = "/nowhere/newuidmap";
	assert_int_equal(idmap_apply(&arena, pid, IDMAP_BY_HELPERS, &maps, &facts), -ENOENT);
	fd_close(&hold);
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_largest_range),
		cmocka_unit_test(chooses_who_writes),
		cmocka_unit_test(refuses_what_the_kernel_would),
		cmocka_unit_test(maps_this_user),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
