// SPDX-License-Identifier: Apache-2.0
// test_namespace.c - the table of namespaces, and what is set in new ones
#include "kern/namespace.h"

#include "base/arena.h"
#include "kern/facts.h"
#include "kern/keyring.h"
#include "kern/netlink.h"
#include "kern/rlimit.h"

#include <arpa/inet.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static void each_is_a_file_of_this_process(void **state unused_)
{
	uint64_t seen = 0;
	for (size_t i = 0; i < NAMESPACE_COUNT; i++) {
		const struct namespace *row = &namespaces[i];
		assert_int_equal(access(arena_printf(&arena, "/proc/self/ns/%s", row->file), F_OK),
				 0);
		assert_ptr_equal(namespace_find(row->name), row);
		assert_int_equal(seen & row->flag, 0);
		seen |= row->flag;
	}
	assert_null(namespace_find("net"));
}

static void limits_have_names(void **state unused_)
{
	assert_int_equal(rlimit_number("RLIMIT_NOFILE"), RLIMIT_NOFILE);
	assert_int_equal(rlimit_number("NOFILE"), -1);
	for (int i = 0; rlimit_name(i); i++)
		assert_int_equal(rlimit_number(rlimit_name(i)), i);
	assert_null(rlimit_name(-1));
	assert_null(rlimit_name(RLIM_NLIMITS));
}

static int inside(void)
{
	struct rlimit files;
	if (rlimit_set(RLIMIT_NOFILE, 64, 128) || getrlimit(RLIMIT_NOFILE, &files) ||
	    files.rlim_cur != 64 || files.rlim_max != 128)
		return 1;
	if (keyring_join("tare-test"))
		return 2;
	if (unshare((geteuid() ? CLONE_NEWUSER : 0) | CLONE_NEWNET))
		return 3;
	const struct sockaddr_in nobody = {AF_INET, htons(9), {htonl(INADDR_LOOPBACK)}, {0}};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(fd, (const struct sockaddr *)&nobody, sizeof(nobody)) == 0 ||
	    errno != ENETUNREACH)
		return 4;
	if (netlink_loopback_up())
		return 5;
	connect(fd, (const struct sockaddr *)&nobody, sizeof(nobody));
	return errno == ECONNREFUSED ? 0 : 6;
}

static void a_child_sets_itself_up(void **state unused_)
{
	struct facts facts;
	assert_int_equal(facts_gather(&arena, FACTS_USER_NAMESPACE, NULL, &facts), 0);
	if (facts.user_namespace_denied) {
		print_message("skipped: user namespaces are denied here\n");
		skip();
	}
	pid_t pid = fork();
	if (pid == 0)
		_exit(inside());
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_a_file_of_this_process),
		cmocka_unit_test(limits_have_names),
		cmocka_unit_test(a_child_sets_itself_up),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
