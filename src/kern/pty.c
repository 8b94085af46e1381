// SPDX-License-Identifier: Apache-2.0
// pty.c - a pair of ends: a terminal, and the hand that types on it
//
// Opening ptmx makes a new pair and is its outer end, the master. The inner end has a name in the
// same devpts, /dev/pts/0, but names can be exchanged by whoever mounted over them: TIOCGPTPEER
// opens it from the master itself. The inner end behaves as a terminal does: it echoes, edits
// lines, turns ^C into SIGINT for its foreground group. Which session it belongs to is told by
// TIOCSCTTY.
#include "kern/pty.h"

#include "base/path.h"
#include "base/sys.h"

#include <asm/ioctls.h>
#include <fcntl.h>

int pty_open(int devpts, int *ret_master, int *ret_terminal)
{
	int flags = O_RDWR | O_NOCTTY;
	int unlocked = 0;
	int master = path_open_no_links(devpts, "ptmx", flags);
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

int pty_take(int terminal)
{
	TRY((int)sys_call(SYS_ioctl, terminal, TIOCSCTTY, 0));
	for (int fd = 0; fd <= 2; fd++)
		TRY((int)sys_call(SYS_dup3, terminal, fd, 0));
	if (terminal > 2)
		sys_call(SYS_close, terminal);
	return 0;
}
