// SPDX-License-Identifier: Apache-2.0
// tty.c - raw mode and size of the caller's terminal
//
// A terminal that is left raw is unusable: what is typed does not show. So the old setting is put
// back on every way out that a process can take: the normal one, exit after an error, and, as all
// deadly signals but KILL are read from a descriptor, those too. After kill -9 `reset` helps.
#include "kern/tty.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static struct termios before;
static int raw_fd = -1;

bool tty_is(int fd)
{
	struct termios setting;
	return tcgetattr(fd, &setting) == 0;
}

unsigned tty_columns(int fd)
{
	struct winsize size;
	return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

int tty_make_raw(int fd)
{
	struct termios raw;
	if (tcgetattr(fd, &before))
		return -errno;
	raw = before;
	cfmakeraw(&raw);
	if (raw_fd < 0)
		atexit(tty_restore);
	raw_fd = fd;
	return tcsetattr(fd, TCSANOW, &raw) ? -errno : 0;
}

void tty_restore(void)
{
	if (raw_fd >= 0)
		tcsetattr(raw_fd, TCSANOW, &before);
	raw_fd = -1;
}

void tty_copy_size(int from, int to)
{
	struct winsize size;
	if (ioctl(from, TIOCGWINSZ, &size) == 0)
		ioctl(to, TIOCSWINSZ, &size);
}
