// SPDX-License-Identifier: Apache-2.0
// test_net_device.c - a network device moves into another namespace, with its addresses
#include "kern/namespaces/net_device.h"

#include "base/fail.h"
#include "base/fd.h"

#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

static struct arena arena;

static int run(const char *command)
{
	pid_t pid = fork();
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(127);
	}
	int status = 0;
	waitpid(pid, &status, 0);
	return status;
}

// A process in a network namespace of its own.
static pid_t other(void)
{
	int ready[2];
	assert_int_equal(pipe(ready), 0);
	pid_t pid = fork();
	if (pid == 0) {
		char ok = unshare(CLONE_NEWNET) == 0;
		_exit(write(ready[1], &ok, 1) != 1 || pause());
	}
	char ok = 0;
	assert_int_equal(read(ready[0], &ok, 1), 1);
	assert_true(ok);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static int inside(pid_t pid, const char *command)
{
	return run(arena_printf(&arena, "nsenter -n/proc/%d/ns/net %s", (int)pid, command));
}

static void a_device_keeps_its_addresses(void **state unused_)
{
	if (run("command -v ip nsenter >/dev/null") || unshare(CLONE_NEWNET) ||
	    run("ip link add one type veth peer name two 2>/dev/null"))
		skip();
	assert_int_equal(run("ip addr add 192.0.2.7/24 dev one; ip addr add 2001:db8::7/64 dev one "
			     "nodad; ip link set one mtu 1400 up"),
			 0);
	pid_t pid = other();
	assert_int_equal(net_device_move(&arena, pid, "one", "eth%d"), 0);
	assert_int_not_equal(run("ip link show one 2>/dev/null"), 0);
	assert_int_equal(inside(pid, "ip -o addr show eth0 | grep -q 192.0.2.7/24"), 0);
	assert_int_equal(inside(pid, "ip -o addr show eth0 | grep -q 2001:db8::7/64"), 0);
	assert_int_equal(inside(pid, "ip -o link show eth0 | grep -q 'UP.*mtu 1400'"), 0);
	assert_int_equal(net_device_move(&arena, pid, "two", "eth0"), -EEXIST);
	assert_string_equal(fault_last()->text,
			    "network device 'two': the container has a 'eth0' already");
	assert_int_equal(run("ip link show two >/dev/null"), 0);
	assert_int_equal(net_device_move(&arena, pid, "two", NULL), 0);
	assert_int_equal(inside(pid, "ip link show two >/dev/null"), 0);
	assert_int_equal(net_device_move(&arena, pid, "three", NULL), -ENODEV);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int tear_down(void **state unused_)
{
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_keeps_its_addresses),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
