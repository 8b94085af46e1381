// SPDX-License-Identifier: Apache-2.0
// test_namespace.c - the table of namespaces, and what is set in new ones
#include "kern/namespaces/namespace.h"

#include "base/arena.h"
#include "base/record.h"
#include "kern/facts.h"
#include "kern/process/keyring.h"
#include "kern/namespaces/look.h"
#include "kern/namespaces/netlink.h"
#include "kern/process/rlimit.h"

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

static void a_file_is_of_a_kind(void **state unused_)
{
	int own = namespace_own(&namespaces[NS_UTS]);
	int fd = namespace_open(&namespaces[NS_UTS], "/proc/self/ns/uts", 0);
	assert_true(own >= 0 && fd >= 0);
	assert_true(namespace_is_same(own, fd));
	assert_int_equal(namespace_open(&namespaces[NS_NETWORK], "/proc/self/ns/uts", 0), -EINVAL);
	assert_int_equal(namespace_open(&namespaces[NS_UTS], "/proc/self/stat", 0), -ENOTTY);
	assert_int_equal(namespace_open(&namespaces[NS_UTS], "/nowhere", 0), -ENOENT);
	int other = namespace_own(&namespaces[NS_IPC]);
	assert_false(namespace_is_same(own, other));
	close(own);
	close(fd);
	close(other);
}

// The start time makes sure that it is that process.
static void a_process_is_known_by_its_start(void **state unused_)
{
	struct record_process self;
	assert_int_equal(record_process(&arena, getpid(), &self), 0);
	const char *path = arena_printf(&arena, "/proc/%d/ns/net", (int)getpid());
	int fd = namespace_open(&namespaces[NS_NETWORK], path, self.start);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(namespace_open(&namespaces[NS_NETWORK], path, self.start + 1), -ESRCH);
	assert_int_equal(namespace_open(&namespaces[NS_NETWORK], "/proc/4194304/ns/net", 1),
			 -ESRCH);
	assert_int_equal(namespace_open(&namespaces[NS_NETWORK], "/run/netns/x", 1), -EINVAL);
}

static int in_a_user_namespace(void)
{
	struct namespace_view view;
	if (unshare(CLONE_NEWUSER | CLONE_NEWUTS) || sethostname("inner", 5))
		return 1;
	int user = namespace_own(&namespaces[NS_USER]), uts = namespace_own(&namespaces[NS_UTS]);
	int owner = namespace_owner(uts);
	if (!namespace_is_same(owner, user))
		return 2;
	return namespace_look(&arena, -1, uts, &view) || !str_eq(view.hostname, "inner") ||
	       view.maps.uid_n;
}

static void a_look_inside_tells_name_and_maps(void **state unused_)
{
	struct facts facts;
	struct namespace_view view;
	int user = namespace_own(&namespaces[NS_USER]);
	assert_int_equal(namespace_look(&arena, -1, -1, &view), 0);
	assert_null(view.hostname);
	close(user);
	assert_int_equal(facts_gather(&arena, FACTS_USER_NAMESPACE, NULL, &facts), 0);
	if (facts.user_namespace_denied)
		skip();
	pid_t pid = fork();
	if (pid == 0)
		_exit(in_a_user_namespace());
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
		cmocka_unit_test(a_file_is_of_a_kind),
		cmocka_unit_test(a_process_is_known_by_its_start),
		cmocka_unit_test(a_look_inside_tells_name_and_maps),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
