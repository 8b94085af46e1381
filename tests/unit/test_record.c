// SPDX-License-Identifier: Apache-2.0
// test_record.c - records that are replaced, locked, and speak of processes
#include "base/record.h"

#include "base/fail.h"
#include "base/fd.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
// cmocka wants the headers above first
#include <cmocka.h>

static char top[] = "/tmp/tare-test-record-XXXXXX";
static int directory = -1;
static struct arena arena;

static int set_up(void **state unused_)
{
	assert_non_null(mkdtemp(top));
	directory = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return directory < 0;
}

static int tear_down(void **state unused_)
{
	static const char *const names[] = {"a", "lock", "fifo", "link"};
	for (size_t i = 0; i < lengthof(names); i++)
		unlinkat(directory, names[i], 0);
	fd_close(&directory);
	arena_free(&arena);
	return rmdir(top); // fails if a temporary file is left
}

static void a_record_is_replaced_as_a_whole(void **state unused_)
{
	struct str text;
	assert_int_equal(record_read(&arena, directory, "a", &text), RECORD_MISSING);
	assert_int_equal(record_write(directory, "a", STR("one"), RECORD_VOLATILE), 0);
	_cleanup_fd_ int old = openat(directory, "a", O_RDONLY | O_CLOEXEC);
	assert_int_equal(record_write(directory, "a", STR("two!"), RECORD_DURABLE), 0);
	assert_int_equal(record_read(&arena, directory, "a", &text), 0);
	assert_true(str_is(text, "two!"));
	assert_int_equal(fd_read_all(&arena, old, 100, &text), 0);
	assert_true(str_is(text, "one"));
	struct stat status;
	assert_int_equal(fstatat(directory, "a", &status, 0), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
}

static void only_plain_files_by_plain_names(void **state unused_)
{
	struct str text;
	assert_int_equal(record_read(&arena, directory, "../a", &text), -EINVAL);
	assert_int_equal(record_write(directory, "..", STR(""), RECORD_VOLATILE), -EINVAL);
	assert_int_equal(mkfifoat(directory, "fifo", 0600), 0);
	assert_int_equal(record_read(&arena, directory, "fifo", &text), -EINVAL);
	assert_int_equal(symlinkat("/etc/passwd", directory, "link"), 0);
	assert_int_equal(record_read(&arena, directory, "link", &text), -ELOOP);
	assert_string_equal(fault_last()->text,
			    "open record 'link': Too many levels of symbolic links");
}

static void a_lock_dies_with_its_holder(void **state unused_)
{
	int ready[2];
	assert_int_equal(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		int held = -1;
		if (record_lock(directory, "lock", RECORD_EXCLUSIVE, true, &held) == 0 &&
		    write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	char byte;
	int fd = -1;
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(record_lock(directory, "lock", RECORD_SHARED, false, &fd), RECORD_BUSY);
	assert_int_equal(fd, -1);
	kill(child, SIGKILL);
	assert_int_equal(record_lock(directory, "lock", RECORD_SHARED, true, &fd), 0);
	int other = -1;
	assert_int_equal(record_lock(directory, "lock", RECORD_SHARED, false, &other), 0);
	fd_close(&other);
	waitpid(child, NULL, 0);

	// A lock on a file that was removed meanwhile is a lock on nothing.
	assert_int_equal(unlinkat(directory, "lock", 0), 0);
	assert_int_equal(record_lock(directory, "lock", RECORD_EXCLUSIVE, false, &other), 0);
	fd_close(&other);
	fd_close(&fd);
	close(ready[0]);
	close(ready[1]);
}

static void a_process_is_told_from_its_successor(void **state unused_)
{
	struct record_process self, process;
	int pidfd = -1;
	assert_int_equal(record_process(&arena, getpid(), &self), 0);
	assert_int_equal(record_alive(&self, &pidfd), 0);
	assert_true(pidfd >= 0);
	fd_close(&pidfd);

	process = self;
	process.start++;
	assert_int_equal(record_alive(&process, &pidfd), RECORD_GONE);
	process = self;
	process.boot = "00000000-0000-0000-0000-000000000000";
	assert_int_equal(record_alive(&process, &pidfd), RECORD_GONE);
	process = self;
	process.pid = -1;
	assert_int_equal(record_alive(&process, &pidfd), RECORD_GONE);
	assert_int_equal(pidfd, -1);
}

static void a_zombie_is_gone(void **state unused_)
{
	struct record_process process;
	int pidfd = -1, status;
	pid_t child = fork();
	if (child == 0) {
		pause();
		_exit(0);
	}
	assert_int_equal(record_process(&arena, child, &process), 0);
	assert_int_equal(record_alive(&process, &pidfd), 0);
	fd_close(&pidfd);
	kill(child, SIGKILL);
	siginfo_t info;
	assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(record_alive(&process, &pidfd), RECORD_GONE);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(record_alive(&process, &pidfd), RECORD_GONE);
}

static void a_link_names_a_process(void **state unused_)
{
	static const char *const wrong[] = {"", "1", "0 1 x", "1 -1 x", "2147483648 1 x", "1 1 x"};
	struct record_process self, again = {0};
	char place[] = "/tmp/tare-test-XXXXXX";
	int at = open(mkdtemp(place), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(record_read_link(&arena, at, "first", &again), RECORD_MISSING);
	assert_int_equal(record_process(&arena, getpid(), &self), 0);
	assert_int_equal(record_link(at, "first", &self), 0);
	assert_int_equal(record_link(at, "first", &self), -EEXIST);
	assert_int_equal(record_read_link(&arena, at, "first", &again), 0);
	assert_int_equal(again.pid, self.pid);
	assert_int_equal(again.start, self.start);
	assert_string_equal(again.boot, self.boot);
	for (size_t i = 0; i < lengthof(wrong); i++) {
		unlinkat(at, "first", 0);
		symlinkat(wrong[i][0] ? wrong[i] : " ", at, "first");
		assert_int_equal(record_read_link(&arena, at, "first", &again), -EINVAL);
	}
	unlinkat(at, "first", 0);
	close(openat(at, "first", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	assert_int_equal(record_read_link(&arena, at, "first", &again), -EINVAL);
	unlinkat(at, "first", 0);
	close(at);
	assert_int_equal(rmdir(place), 0);
}

static void it_is_written_and_read(void **state unused_)
{
	struct record_process self, again;
	assert_int_equal(record_process(&arena, getpid(), &self), 0);
	struct buf buf = buf_new(&arena, 4096);
	struct json_writer json = json_writer_new(&buf, JSON_COMPACT);
	shape_print(&json, &record_process_shape, &self);
	assert_int_equal(shape_parse(&arena, &record_process_shape, buf_str(&buf), &again), 0);
	int pidfd = -1;
	assert_int_equal(record_alive(&again, &pidfd), 0);
	fd_close(&pidfd);
	assert_int_equal(shape_parse(&arena, &record_process_shape,
				     STR("{\"pid\":0,\"start\":1,\"boot\":\"\"}"), &again),
			 -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_replaced_as_a_whole),
		cmocka_unit_test(only_plain_files_by_plain_names),
		cmocka_unit_test(a_lock_dies_with_its_holder),
		cmocka_unit_test(a_process_is_told_from_its_successor),
		cmocka_unit_test(a_zombie_is_gone),
		cmocka_unit_test(a_link_names_a_process),
		cmocka_unit_test(it_is_written_and_read),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
