// SPDX-License-Identifier: Apache-2.0
// lap.c - run commands in turn and tell how long each took
//
//	lap ROUNDS -- COMMAND [ARGUMENT…] -- COMMAND [ARGUMENT…] …
//
// Prints a line a run: the number of the command, the nanoseconds from before fork(2) until it was
// waited for, its exit status. The commands take turns (A B C A B C …), so that whatever else the
// machine does meanwhile falls on all of them alike. Each is run once before, unmeasured. This
// process is small and static: forking it is cheap, and the same for every command.
//
// A command that begins with `--chroot DIR` is run in DIR: a newer program with its own libraries.
// Standard input and output are /dev/null; standard error stays, as that is where trouble is told.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { COMMANDS_MAX = 32, FAILED = 125 };

static noreturn_ void be_command(char **command)
{
	int null = open("/dev/null", O_RDWR);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	close(null);
	if (str_eq(command[0], "--chroot") && command[1] && command[2]) {
		if (chroot(command[1]) || chdir("/"))
			_exit(FAILED);
		command += 2;
	}
	execvp(command[0], command);
	perror(command[0]);
	_exit(FAILED);
}

static int64_t nanoseconds(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// Returns the nanoseconds it took, or a negative errno.
static int64_t run(char **command, int *ret_status)
{
	int64_t begin = nanoseconds();
	pid_t pid = fork();
	if (pid == 0)
		be_command(command);
	if (pid < 0 || waitpid(pid, ret_status, 0) != pid)
		return -errno;
	return nanoseconds() - begin;
}

// Parts the arguments at each `--`, which becomes the end of a command.
static size_t part(char **arguments, char **commands[static COMMANDS_MAX])
{
	size_t n = 0;
	for (; *arguments; arguments++) {
		if (!str_eq(*arguments, "--"))
			continue;
		*arguments = NULL;
		if (n == COMMANDS_MAX || !arguments[1])
			return 0;
		commands[n++] = arguments + 1;
	}
	return n;
}

int main(int argc, char **argv)
{
	char **commands[COMMANDS_MAX];
	long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
	size_t n = argc > 2 ? part(argv + 2, commands) : 0;
	if (rounds < 1 || !n) {
		fputs("usage: lap ROUNDS -- COMMAND... [-- COMMAND...]\n", stderr);
		return 2;
	}
	for (long round = -1; round < rounds; round++) {
		for (size_t i = 0; i < n; i++) {
			int status = 0;
			int64_t time = run(commands[i], &status);
			if (time < 0) {
				perror("lap");
				return 1;
			}
			if (round >= 0)
				printf("%zu %lld %d\n", i, (long long)time,
				       WIFEXITED(status) ? WEXITSTATUS(status) : FAILED);
		}
	}
	return 0;
}
