// SPDX-License-Identifier: Apache-2.0
// wait.c - wait until the process whose number is in a file has ended, and remove the file
//
//	wait FILE
//
// Between the start of a container and its removal: by a descriptor of the process, not by looking
// again and again, so that the next command finds the machine at rest.
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	FILE *file = argc == 2 ? fopen(argv[1], "re") : NULL;
	int pid = 0;
	if (!file || fscanf(file, "%d", &pid) != 1) {
		fputs("usage: wait FILE, which holds the number of a process\n", stderr);
		return 2;
	}
	unlink(argv[1]); // who writes the next one replaces nothing, as with an engine
	struct pollfd end = {.fd = pidfd_open(pid, 0), .events = POLLIN};
	if (end.fd < 0)
		return errno == ESRCH ? 0 : 1;
	return poll(&end, 1, -1) == 1 ? 0 : 1;
}
