// SPDX-License-Identifier: Apache-2.0
// pty.c - a pair of ends: a terminal, and the hand that types on it
//
// Opening ptmx makes a new pair and is its outer end, the master. The inner end has a name in the
// same devpts, /dev/pts/0, but names can be exchanged by whoever mounted over them: TIOCGPTPEER
// opens it from the master itself. The inner end behaves as a terminal does: it echoes, edits
// lines, turns ^C into SIGINT for its foreground group. Which session it belongs to is told by
// TIOCSCTTY.
#include "kern/process/pty.h"

#include "base/path.h"
#include "base/sys.h"

#include <asm/ioctls.h>
#include <asm/termios.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>

// The directory is a container's, who may have put anything there, or mounted it on ptmx.
static int open_master(int devpts, int flags)
{
	struct statfs status;
	TRY((int)sys_call(SYS_fstatfs, devpts, &status));
	if (status.f_type != DEVPTS_SUPER_MAGIC)
		return -EXDEV;
	return path_open_same_mount(devpts, "ptmx", flags);
}

int pty_open(int devpts, int *ret_master, int *ret_terminal)
{
	int flags = O_RDWR | O_NOCTTY;
	int unlocked = 0;
	int master = open_master(devpts, flags);
	if (master < 0)
		return master;
	int result = (int)sys_call(SYS_ioctl, master, TIOCSPTLCK, &unlocked);
	if (result >= 0)
		result = (int)sys_call(SYS_ioctl, master, TIOCGPTPEER, flags | O_CLOEXEC);
	if (result < 0) {
		sys_call(SYS_close, master);
		return result;
	}
	*ret_master = master;
	*ret_terminal = result;
	return 0;
}

void pty_set_size(int terminal, unsigned lines, unsigned columns)
{
	struct winsize size = {.ws_row = (uint16_t)lines, .ws_col = (uint16_t)columns};
	if (lines || columns || sys_call(SYS_ioctl, 0, TIOCGWINSZ, &size) == 0)
		sys_call(SYS_ioctl, terminal, TIOCSWINSZ, &size);
}

void pty_leave_lines(int terminal)
{
	struct termios setting;
	if (sys_call(SYS_ioctl, terminal, TCGETS, &setting))
		return;
	setting.c_oflag &= ~(tcflag_t)ONLCR;
	sys_call(SYS_ioctl, terminal, TCSETS, &setting);
}

int pty_take(int terminal)
{
	TRY((int)sys_call(SYS_ioctl, terminal, TIOCSCTTY, 0));
	for (int fd = 0; fd <= 2; fd++)
		TRY((int)sys_call(SYS_dup3, terminal, fd, 0));
	if (terminal > 2)
		sys_call(SYS_close, terminal);
	return 0;
}
