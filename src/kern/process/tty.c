// SPDX-License-Identifier: Apache-2.0
// tty.c - raw mode and size of the caller's terminal
//
// A terminal that is left raw is unusable: what is typed does not show. So the old setting is put
// back on every way out that a process can take: the normal one, exit after an error, and the
// signals that a mistake of our own raises. Those that others send are read from a descriptor
// (box/monitor/monitor), and so end in one of the former. After kill -9 `reset` helps.
#include "kern/process/tty.h"

#include <signal.h>
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

static void restore_and_die(int number)
{
	tty_restore();
	raise(number); // SA_RESETHAND: now it does what it always does
}

static void restore_always(void)
{
	static const int deadly[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
	struct sigaction action = {
		.sa_handler = restore_and_die,
		.sa_flags = (int)(SA_RESETHAND | SA_NODEFER),
	};
	for (size_t i = 0; i < lengthof(deadly); i++)
		sigaction(deadly[i], &action, NULL);
	atexit(tty_restore);
}

int tty_make_raw(int fd)
{
	static bool prepared;
	struct termios raw;
	if (raw_fd >= 0)
		return -EBUSY;
	if (tcgetattr(fd, &before))
		return -errno;
	if (!prepared)
		restore_always();
	prepared = true;
	raw = before;
	cfmakeraw(&raw);
	raw_fd = fd;
	return tcsetattr(fd, TCSANOW, &raw) ? -errno : 0;
}

void tty_restore(void)
{
	int fd = raw_fd;
	raw_fd = -1;
	if (fd >= 0)
		tcsetattr(fd, TCSANOW, &before);
}

void tty_copy_size(int from, int to)
{
	struct winsize size;
	if (ioctl(from, TIOCGWINSZ, &size) == 0)
		ioctl(to, TIOCSWINSZ, &size);
}
