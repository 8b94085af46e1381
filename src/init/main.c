// SPDX-License-Identifier: Apache-2.0
// main.c - the init of `tare run --init`: process 1 that reaps and passes signals on
//
// Process 1 of a pid namespace has two duties that ordinary programs do not know of. Whoever loses
// its parent becomes its child, and stays a zombie until process 1 waits for it. And a signal that
// process 1 has no handler for does nothing to it, so a program that relies on being killed by TERM
// does not end. This program does both for the one it starts, and ends as that ends.
//
// It is called as: tare-init REPORT END PATH ARG0 ARG1 …, with tare's checks done and its rights
// given up. REPORT is the number of a descriptor that gets the errno, four bytes, when PATH can't
// be executed, and is closed when it was; "-" says it on standard error instead. END is that of an
// eventfd that gets the wait status of a program that a signal ended, or "-". It links nothing of
// tare's and is executed from a sealed memory file: what runs as process 1 is in the container's
// reach.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { NOT_EXECUTABLE = 126, NOT_FOUND = 127, FAILED = 125 };

// ENOEXEC alone does not say much, and whoever could tell more is not there any more.
static const char *reason(int error)
{
	return error == ENOEXEC ? "no program for this machine, and no script with a #! line"
				: strerror(error);
}

// Becomes the program, in a process group of its own that is the terminal's foreground.
static void become(char **argv, int report, const sigset_t *mask)
{
	setpgid(0, 0);
	if (isatty(STDIN_FILENO))
		tcsetpgrp(STDIN_FILENO, getpid());
	sigprocmask(SIG_SETMASK, mask, NULL);
	execve(argv[0], argv + 1, environ);
	int error = errno;
	uint32_t number = (uint32_t)error;
	if (report < 0 || write(report, &number, sizeof(number)) != sizeof(number))
		fprintf(stderr, "tare-init: %s: %s\n", argv[0], reason(error));
	_exit(error == ENOENT ? NOT_FOUND : NOT_EXECUTABLE);
}

// Waits for all that have ended. Returns whether the program was among them, with its status.
static int reap(pid_t program, int *ret_status)
{
	int status, ended = 0;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != program)
			continue;
		*ret_status = status;
		ended = 1;
	}
	return ended;
}

// Process 1 can't end by a signal of its own as the program did, so it says by which.
static int exit_code(int status, int end)
{
	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	uint64_t told = (uint64_t)status;
	if (end >= 0 && write(end, &told, sizeof(told)) < 0)
		close(end);
	return 128 + WTERMSIG(status);
}

// A descriptor that was handed over, which the program is not to have.
static int descriptor(const char *word)
{
	int fd = strcmp(word, "-") ? (int)strtol(word, NULL, 10) : -1;
	if (fd >= 0)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

int main(int argc, char **argv)
{
	// Ignored, SIGCHLD would be neither sent nor waited for.
	const struct sigaction by_default = {.sa_handler = SIG_DFL};
	sigset_t all, before;
	if (argc < 5) {
		fprintf(stderr, "usage: tare-init REPORT END PATH ARG0 [ARG…]\n");
		return FAILED;
	}
	int report = descriptor(argv[1]), end = descriptor(argv[2]), status;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	sigaction(SIGCHLD, &by_default, NULL);
	pid_t program = fork();
	if (program < 0) {
		perror("tare-init: fork");
		return FAILED;
	}
	if (program == 0)
		become(argv + 3, report, &before);
	if (report >= 0)
		close(report); // its end, when the program has closed it too, means that all is
			       // well
	for (;;) {
		int number = sigwaitinfo(&all, NULL);
		if (number == SIGCHLD) {
			if (reap(program, &status))
				return exit_code(status, end);
		} else if (number > 0 && number != SIGTTIN && number != SIGTTOU) {
			kill(program, number);
		}
	}
}
