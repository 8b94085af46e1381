// SPDX-License-Identifier: Apache-2.0
// terminal.h - for tests: a pair of ends, and reading until some text has come
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

struct terminal {
	int outer; // the master
	int inner; // what a program sees as its terminal
};

static inline struct terminal terminal_new(void)
{
	struct terminal terminal;
	terminal.outer = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert(terminal.outer >= 0 && unlockpt(terminal.outer) == 0);
	terminal.inner = ioctl(terminal.outer, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert(terminal.inner >= 0);
	return terminal;
}

static inline void terminal_close(struct terminal *terminal)
{
	close(terminal->outer);
	close(terminal->inner);
}

// Reads from the descriptor until the text has been seen, or for ten seconds, or to the end.
static inline bool read_until(int fd, const char *text)
{
	static char seen[64 * 1024];
	size_t n = 0;
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	while (n + 1 < sizeof(seen) && poll(&wait, 1, 10000) > 0) {
		ssize_t got = read(fd, seen + n, sizeof(seen) - 1 - n);
		if (got <= 0)
			break;
		n += (size_t)got;
		seen[n] = '\0';
		if (strstr(seen, text))
			return true;
	}
	return false;
}
