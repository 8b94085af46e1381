// SPDX-License-Identifier: Apache-2.0
// progress.c - how far a file has been read, shown on a terminal
//
// The reading is done by a helper program with a copy of our descriptor, and copies share their
// place in the file. So a child that only looks at that place knows how far it is, and neither the
// helper nor its caller needs to tell. A pipe has no place: of it only the time is shown.
#include "engine/images/progress.h"

#include "kern/process/tty.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MS = 200, FIRST_MS = 400, LINE_SIZE = 128 };

static const char wipe[] = "\r\033[K";

static void put(const char *text, size_t n)
{
	ssize_t written unused_ = write(STDERR_FILENO, text, n);
}

static void wait_ms(long milliseconds)
{
	struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000};
	nanosleep(&pause, NULL);
}

noreturn_ static void show(int fd, off_t size, const char *what)
{
	char line[LINE_SIZE];
	time_t begin = time(NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	wait_ms(FIRST_MS); // what is done at once needs no line
	for (;;) {
		off_t at = size > 0 ? lseek(fd, 0, SEEK_CUR) : -1;
		int n = at >= 0 ? snprintf(line, sizeof(line), "%s%s: %lld of %lld MB (%d%%)", wipe,
					   what, (long long)at / 1000000, (long long)size / 1000000,
					   (int)(at * 100 / size))
				: snprintf(line, sizeof(line), "%s%s: %lld s", wipe, what,
					   (long long)(time(NULL) - begin));
		put(line, (size_t)n);
		wait_ms(LOOK_MS);
	}
}

void progress_start(struct progress *progress, int fd, const char *what)
{
	struct stat status;
	if (!tty_is(STDERR_FILENO) || fstat(fd, &status))
		return;
	pid_t pid = fork();
	if (pid == 0)
		show(fd, S_ISREG(status.st_mode) ? status.st_size : 0, what);
	progress->pid = pid > 0 ? pid : 0;
}

void progress_stop(struct progress *progress)
{
	if (!progress->pid)
		return;
	kill(progress->pid, SIGKILL);
	waitpid(progress->pid, NULL, 0);
	put(wipe, sizeof(wipe) - 1);
	progress->pid = 0;
}
