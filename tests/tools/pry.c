// SPDX-License-Identifier: Apache-2.0
// pry.c - what a process of a container tries on whoever enters its pid namespace
//
//	pry SECONDS
//
// For that long it goes through /proc again and again. With each process that is not itself: it
// opens /proc/PID/exe for writing, opens what is in /proc/PID/fd, and seizes it with ptrace(2).
// What succeeds counts only where the process still was tare: then one word a kind of success is
// printed. At the end "seen N" tells how many processes named tare were met, so that a test knows
// it tried.

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

static unsigned seen;

static bool is_tare(const char *process)
{
	char path[300], name[16] = "";
	snprintf(path, sizeof(path), "/proc/%s/comm", process);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, name, sizeof(name) - 1);
	if (fd >= 0)
		close(fd);
	return n > 0 && strncmp(name, "tare", 4) == 0;
}

// Says it if the process was tare then, that it still is.
static void reached(const char *process, const char *what)
{
	if (!is_tare(process))
		return;
	printf("reached %s\n", what);
	fflush(stdout);
}

// The numbers of its files may be listed; no file may be had by them.
static void try_files(const char *process)
{
	char path[600];
	snprintf(path, sizeof(path), "/proc/%s/fd", process);
	DIR *list = opendir(path);
	for (struct dirent *entry; list && (entry = readdir(list));) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%s/fd/%s", process, entry->d_name);
		int fd = open(path, O_PATH | O_CLOEXEC);
		if (fd >= 0) {
			reached(process, "fd");
			close(fd);
		}
	}
	if (list)
		closedir(list);
}

static void try_one(const char *process)
{
	char path[300];
	seen += is_tare(process);
	snprintf(path, sizeof(path), "/proc/%s/exe", process);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		reached(process, "exe");
		close(fd);
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		reached(process, "exe-read");
		close(fd);
	}
	try_files(process);
	pid_t pid = (pid_t)strtol(process, NULL, 10);
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) == 0) {
		reached(process, "ptrace");
		// It can be let go only where it has stopped; held, it would end no more.
		ptrace(PTRACE_INTERRUPT, pid, NULL, NULL);
		waitpid(pid, NULL, __WALL);
		ptrace(PTRACE_DETACH, pid, NULL, NULL);
	}
}

int main(int argc, char **argv)
{
	time_t end = time(NULL) + (argc > 1 ? strtol(argv[1], NULL, 10) : 1);
	while (time(NULL) < end) {
		DIR *all = opendir("/proc");
		for (struct dirent *entry; all && (entry = readdir(all));)
			if (isdigit((unsigned char)entry->d_name[0]) &&
			    strtol(entry->d_name, NULL, 10) != getpid())
				try_one(entry->d_name);
		if (all)
			closedir(all);
	}
	printf("seen %u\n", seen);
	return 0;
}
