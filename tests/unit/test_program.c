// SPDX-License-Identifier: Apache-2.0
// test_program.c - helper programs, played by this test itself
//
// The test links itself as libexec/NAME beside its own executable, so each program is the test
// again, called by another name.
#include "base/program.h"

#include "base/fail.h"
#include "base/fd.h"

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <setjmp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#undef fail

static struct arena arena;

// What the program does, by its first argument.
static int play(int argc, char **argv)
{
	const char *part = argc > 1 ? argv[1] : "";
	char text[256] = "";
	int n = 0;
	if (str_eq(part, "fds")) {
		for (int fd = 0; fd < 1024; fd++)
			if (fcntl(fd, F_GETFD) >= 0)
				n += snprintf(text + n, sizeof(text) - (size_t)n, "%d ", fd);
		return program_answer(str_of(text));
	}
	if (str_eq(part, "read"))
		return read(4, text, sizeof(text) - 1) < 0 ? 1 : program_answer(str_of(text));
	if (str_eq(part, "environment")) {
		const char *said = getenv("SAID");
		snprintf(text, sizeof(text), "said %s\npath %s\n", said ? said : "-",
			 getenv("PATH") ? "yes" : "no");
		return program_answer(str_of(text));
	}
	if (str_eq(part, "fail")) {
		fail(-ENOSPC, "blob '%s': full", "x");
		fail_hint("make room");
		return program_answer_fault();
	}
	if (str_eq(part, "die"))
		return raise(SIGKILL);
	if (str_eq(part, "flood"))
		for (;;)
			if (program_answer(STR("0123456789abcdef0123456789abcdef")))
				return 0;
	return 7;
}

static int run(const char *part, const int *fds, size_t n, struct str *ret)
{
	const char *arguments[] = {part, NULL};
	const char *environment[] = {"SAID=hello", NULL};
	return program_run(&arena,
			   &(struct program){"tare-test-program", arguments, environment, fds, n},
			   ret);
}

static void it_has_the_descriptors_given_and_no_other(void **state unused_)
{
	struct str reply;
	int stray = open("/dev/null", O_RDONLY); // not close-on-exec
	int fds[] = {stray, -1, stray};
	assert_int_equal(run("fds", fds, 3, &reply), 0);
	assert_true(str_is(reply, "0 1 2 3 5 "));
	close(stray);
}

static void descriptors_may_trade_numbers(void **state unused_)
{
	struct str reply;
	int ends[2];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int low[] = {dup2(ends[0], 43), dup2(null, 44)};
	assert_int_equal(write(ends[1], "word", 4), 4);
	assert_int_equal(run("read", (int[]){low[1], low[0]}, 2, &reply), 0);
	assert_true(str_is(reply, "word"));
	close(low[0]), close(low[1]), close(ends[0]), close(ends[1]), close(null);
}

static void its_environment_is_what_it_is_given(void **state unused_)
{
	struct str reply, value;
	uint64_t number;
	assert_int_equal(run("environment", NULL, 0, &reply), 0);
	assert_int_equal(program_value(reply, "said", &value), 0);
	assert_true(str_is(value, "hello"));
	assert_int_equal(program_value(reply, "path", &value), 0);
	assert_true(str_is(value, "no"));
	assert_int_equal(program_value(reply, "sai", &value), -EBADMSG);
	assert_int_equal(program_number(reply, "said", 10, &number), -EBADMSG);
	assert_int_equal(program_number(STR("size 10\n"), "size", 10, &number), 0);
	assert_int_equal(number, 10);
	assert_int_equal(program_number(STR("size 11\n"), "size", 10, &number), -EBADMSG);
}

static void its_fault_is_ours(void **state unused_)
{
	struct str reply;
	assert_int_equal(run("fail", NULL, 0, &reply), -ENOSPC);
	assert_string_equal(fault_last()->text, "blob 'x': full");
	assert_string_equal(fault_last()->hint, "make room");
	assert_int_equal(run("seven", NULL, 0, &reply), -EBADMSG);
	assert_string_equal(fault_last()->text,
			    "program 'tare-test-program' failed without a word");
}

static void its_death_is_an_error(void **state unused_)
{
	struct str reply;
	assert_int_equal(run("die", NULL, 0, &reply), -ECHILD);
	assert_string_equal(fault_last()->text,
			    "program 'tare-test-program' died of signal 9 (SIGKILL)");
	assert_int_equal(run("flood", NULL, 0, &reply), -EFBIG);
}

static void what_others_can_write_is_not_started(void **state unused_)
{
	const char *path;
	struct str reply;
	assert_int_equal(program_find(&arena, "tare-no-program", &path), -ENOENT);
	assert_string_equal(fault_last()->text, "program 'tare-no-program': not there");
	assert_int_equal(program_find(&arena, "tare-test-program", &path), 0);
	assert_int_equal(chmod(path, 0757), 0);
	assert_int_equal(run("fds", NULL, 0, &reply), -EPERM);
	assert_non_null(strstr(fault_last()->text, "others can write to it"));
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(run("fds", NULL, 0, &reply), -EACCES);
	assert_int_equal(chmod(path, 0755), 0);
	assert_int_equal(run("fds", NULL, 0, &reply), 0);
}

// A place of our own, where the executable is copied to and a copy of it is the program.
static char place[] = "/tmp/tare-test-program.XXXXXX";

static int copy(const char *name)
{
	char path[128];
	struct str self;
	snprintf(path, sizeof(path), "%s/%s", place, name);
	if (file_read(&arena, AT_FDCWD, "/proc/self/exe", 64 << 20, &self))
		return -1;
	_cleanup_fd_ int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	return fd < 0 ? -1 : fd_write_all(fd, self.p, self.n);
}

static int move_to_place(char **argv)
{
	char path[128];
	if (!mkdtemp(place))
		return 1;
	snprintf(path, sizeof(path), "%s/libexec", place);
	if (mkdir(path, 0755) || copy("test") || copy("libexec/tare-test-program"))
		return 1;
	snprintf(path, sizeof(path), "%s/test", place);
	setenv("TEST_PLACE", place, 1);
	execv(path, argv);
	return 1;
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	if (name && str_eq(name, "/tare-test-program"))
		return play(argc, argv);
	if (!getenv("TEST_PLACE"))
		return move_to_place(argv);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_has_the_descriptors_given_and_no_other),
		cmocka_unit_test(descriptors_may_trade_numbers),
		cmocka_unit_test(its_environment_is_what_it_is_given),
		cmocka_unit_test(its_fault_is_ours),
		cmocka_unit_test(its_death_is_an_error),
		cmocka_unit_test(what_others_can_write_is_not_started),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	char path[128];
	static const char *const made[] = {"libexec/tare-test-program", "libexec", "test", ""};
	for (size_t i = 0; i < lengthof(made); i++) {
		snprintf(path, sizeof(path), "%s/%s", getenv("TEST_PLACE"), made[i]);
		if (remove(path))
			perror(path);
	}
	return failed;
}
