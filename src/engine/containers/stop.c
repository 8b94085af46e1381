// SPDX-License-Identifier: Apache-2.0
// stop.c - ending containers that run: asking by a signal, waiting, killing
//
// Who runs a container looks after it, so nobody is asked but the container itself: its first
// process gets the signal, the tare that runs it sees it end, and writes down how. The number of
// that process comes from a file; before a signal is sent it is made sure, by its start time and
// the boot's id, that it still means the same one.
//
// Process 1 of a pid namespace is spared by the kernel: a signal for which it has no handler does
// nothing at all, but for SIGKILL from outside. Most programs have none for SIGTERM, and so take
// the whole time that stop gives them. That is told, as nothing else shows it.
#include "engine/containers/stop.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/fd.h"
#include "base/str.h"
#include "box/record/life.h"
#include "kern/process/signals.h"

enum {
	START_WAIT_MS = 3000,  // for a container that is only starting
	DEATH_WAIT_MS = 10000, // after SIGKILL
	LOOK_EVERY_MS = 5,
	STATUS_MAX = 16 * 1024, // bytes of /proc/PID/status
};

static int64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

// Opens the container's first process. Returns 0, STOP_GONE or an error.
static int open_first(struct arena *arena, const struct box_record *record, const char *given,
		      struct record_process *ret_first, int *ret_pidfd)
{
	if (!record->running)
		return STOP_GONE;
	for (int64_t until = now() + START_WAIT_MS;;) {
		if (box_record_first(arena, record, ret_first) == 0)
			return record_alive(ret_first, ret_pidfd) == 0 ? 0 : STOP_GONE;
		if (box_record_await_end(record, 0) == 0)
			return STOP_GONE;
		if (now() > until)
			break;
		usleep(LOOK_EVERY_MS * 1000);
	}
	return fail(-EAGAIN, "container '%s' is still being started", given);
}

static int send_signal(const struct box_record *record, const char *given, int pidfd, int signal)
{
	char text[SIGNAL_TEXT_SIZE];
	box_record_say_signal(record, signal);
	if (syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) == 0)
		return 0;
	if (errno == ESRCH)
		return STOP_GONE;
	int error = -errno;
	signal_text(signal, text);
	return fail_sys(error, "container '%s': send %s", given, text);
}

int stop_signal(struct arena *arena, const struct box_record *record, const char *given, int signal)
{
	_cleanup_fd_ int pidfd = -1;
	struct record_process first;
	int result = open_first(arena, record, given, &first, &pidfd);
	return result ? result : send_signal(record, given, pidfd, signal);
}

int stop_begin(struct arena *arena, const struct box_record *record, const char *given, int signal,
	       int64_t seconds, struct stop *ret_stop)
{
	struct stop stop = {.given = given, .record = record, .pidfd = -1, .deadline = INT64_MAX};
	struct record_process first;
	_cleanup_fd_ int pidfd = -1;
	stop.signal = signal ? signal : record->stop_signal ? (int)record->stop_signal : SIGTERM;
	stop.seconds = seconds == STOP_OWN_TIME ? record->stop_timeout : seconds;
	int result = open_first(arena, record, given, &first, &pidfd);
	if (result == 0)
		result = send_signal(record, given, pidfd, stop.signal);
	if (result == 0) {
		stop.pidfd = take_fd(&pidfd);
		stop.pid = first.pid;
	}
	TRY(result);
	if (stop.seconds >= 0)
		stop.deadline = now() + stop.seconds * 1000;
	*ret_stop = stop;
	return 0;
}

// Whether the process has ended; waits until then, or until the deadline.
static bool has_ended(int pidfd, int64_t deadline)
{
	struct pollfd end = {.fd = pidfd, .events = POLLIN};
	for (;;) {
		int64_t left = deadline == INT64_MAX ? -1 : max_of(deadline - now(), (int64_t)0);
		int n = poll(&end, 1, (int)min_of(left, (int64_t)INT32_MAX));
		if (n > 0)
			return true;
		if (n == 0 && left < INT32_MAX)
			return false;
	}
}

// The value of "SigCgt:" in a text like /proc/PID/status.
static struct str status_line(struct str text, const char *key)
{
	for (struct str line; (line = str_line(&text)).p;) {
		struct str name = str_cut(&line, ':');
		if (line.p && str_is(name, key))
			return line;
	}
	return (struct str){0};
}

static bool has_signal(struct str text, const char *key, int signal)
{
	struct str line = status_line(text, key);
	struct str word = str_word(&line);
	char digits[17] = "";
	if (!word.p || word.n >= sizeof(digits))
		return true; // not known: nothing is said of it
	memcpy(digits, word.p, word.n);
	return strtoull(digits, NULL, 16) >> (signal - 1) & 1;
}

// Whether the process is number 1 of its pid namespace and has no handler for the signal.
static bool is_deaf(struct arena *arena, int64_t pid, int signal)
{
	struct str text;
	const char *path = arena_printf(arena, "/proc/%lld/status", (long long)pid);
	if (file_read(arena, AT_FDCWD, path, STATUS_MAX, &text) < 0)
		return false;
	struct str numbers = status_line(text, "NSpid"), word, last = {0};
	while ((word = str_word(&numbers)).p)
		last = word;
	return last.p && str_is(last, "1") && !has_signal(text, "SigCgt", signal) &&
	       !has_signal(text, "SigBlk", signal);
}

static const char *why_killed(struct arena *arena, const struct stop *stop)
{
	char text[SIGNAL_TEXT_SIZE];
	const char *plural = stop->seconds == 1 ? "" : "s";
	signal_text(stop->signal, text);
	if (stop->signal == SIGKILL)
		return NULL;
	if (!is_deaf(arena, stop->pid, stop->signal))
		return arena_printf(
			arena,
			"container '%s' did not end within %lld second%s of %s, and was "
			"killed",
			stop->given, (long long)stop->seconds, plural, text);
	return arena_printf(
		arena,
		"container '%s': process 1 ignored %s, as it has no handler for it, and "
		"was killed after %lld second%s; run with --init it would end at once",
		stop->given, text, (long long)stop->seconds, plural);
}

static int kill_now(struct arena *arena, struct stop *stop)
{
	stop->note = why_killed(arena, stop);
	int result = send_signal(stop->record, stop->given, stop->pidfd, SIGKILL);
	if (result)
		return min_of(result, 0);
	if (has_ended(stop->pidfd, now() + DEATH_WAIT_MS))
		return 0;
	fail(-ETIMEDOUT, "container '%s': process %lld does not die of SIGKILL", stop->given,
	     (long long)stop->pid);
	fail_hint("it waits for a device or a file system: cat /proc/%lld/stack",
		  (long long)stop->pid);
	return -ETIMEDOUT;
}

int stop_finish(struct arena *arena, struct stop *stop)
{
	int result = 0;
	if (stop->pidfd >= 0 && !has_ended(stop->pidfd, stop->deadline))
		result = kill_now(arena, stop);
	fd_close(&stop->pidfd);
	TRY(result);
	// Its tare writes down the end, or removes it; one that does not is not waited for.
	box_record_await_end(stop->record, DEATH_WAIT_MS);
	return 0;
}
