// SPDX-License-Identifier: Apache-2.0
// freeze.c - stopping all processes of a group where they stand, and letting them go on
//
// SIGSTOP can be seen by parents and undone by anybody; a frozen group knows nothing of it. Both
// versions do it by a word in a file, and take a while: each process has to come to a point where
// it can stand still, and one that waits for a disk or a dead server does not.
//
// v1 has freezer.state: FROZEN, THAWED, and FREEZING on the way. A process that was about to fork
// can keep the rest waiting, so the word is written again. A frozen process does not even die: it
// is thawed to be killed.
//
// v2 has cgroup.freeze: 1, 0. cgroup.events has a line "frozen 1" when it is done, and poll(2)
// tells of a change.
#include "kern/cgroup/freeze.h"

#include "base/fail.h"
#include "base/fd.h"

#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_MS = 10000, ROUND_MS = 10, FILE_MAX = 512 };

static int64_t now_ms(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int put(int at, const char *file, const char *word)
{
	return file_put(at, file, word, strlen(word));
}

// Whether the file has this line.
static bool has_line(int at, const char *file, const char *line)
{
	char text[FILE_MAX];
	_cleanup_fd_ int fd = openat(at, file, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));
	struct str rest = {text, n > 0 ? (size_t)n : 0};
	for (struct str one; (one = str_line(&rest)).p;)
		if (str_is(one, line))
			return true;
	return false;
}

static int v1_set(int at, const char *state)
{
	int64_t end = now_ms() + WAIT_MS;
	do {
		TRY(put(at, "freezer.state", state));
		if (has_line(at, "freezer.state", state))
			return 0;
		nanosleep(&(struct timespec){0, ROUND_MS * 1000000}, NULL);
	} while (now_ms() < end);
	return -EBUSY;
}

static int v2_set(int at, bool frozen)
{
	int64_t end = now_ms() + WAIT_MS, rest;
	char text[FILE_MAX];
	_cleanup_fd_ int events = openat(at, "cgroup.events", O_RDONLY | O_CLOEXEC);
	if (events < 0)
		return -errno;
	TRY(put(at, "cgroup.freeze", frozen ? "1" : "0"));
	while ((rest = end - now_ms()) > 0) {
		struct pollfd change = {.fd = events, .events = POLLPRI};
		if (pread(events, text, sizeof(text), 0) < 0) // poll tells of what comes after this
			return -errno;
		if (has_line(at, "cgroup.events", frozen ? "frozen 1" : "frozen 0"))
			return 0;
		if (poll(&change, 1, (int)rest) < 0 && errno != EINTR)
			return -errno;
	}
	return -EBUSY;
}

static bool is_v1(int at)
{
	return faccessat(at, "freezer.state", F_OK, 0) == 0;
}

int cgroup_freeze(const char *directory, bool frozen)
{
	_cleanup_fd_ int at = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (at < 0)
		return fail_sys(-errno, "open cgroup '%s'", directory);
	bool v1 = is_v1(at);
	int result = v1 ? v1_set(at, frozen ? "FROZEN" : "THAWED") : v2_set(at, frozen);
	if (result < 0)
		fail_sys(result, "%s cgroup '%s'", frozen ? "freeze" : "thaw", directory);
	if (result == -EBUSY && frozen) {
		fail_hint("a process in it waits for a device or a server and can't be stopped "
			  "(state D of ps); it runs again");
		put(at, v1 ? "freezer.state" : "cgroup.freeze", v1 ? "THAWED" : "0");
	}
	return result;
}

bool cgroup_is_frozen(const char *directory)
{
	_cleanup_fd_ int at = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return at >= 0 && (has_line(at, "cgroup.freeze", "1") ||
			   (is_v1(at) && !has_line(at, "freezer.state", "THAWED")));
}
