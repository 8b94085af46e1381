// SPDX-License-Identifier: Apache-2.0
// netlink.c - network interfaces of the present network namespace
//
// A new network namespace has one interface, "lo", and it is down: 127.0.0.1 can't be reached, and
// programs that talk to themselves over it fail with "Network is unreachable". The kernel gives it
// its addresses by itself when it comes up.
//
// Interfaces are otherwise ruled by messages on a netlink socket. For the single flag that is
// wanted here the older ioctl(2) does on any socket: three short calls, no message to build and
// no answer to wait for.
#include "kern/namespaces/netlink.h"

#include "base/sys.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

int netlink_loopback_up(void)
{
	long fd = sys_call(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return (int)fd;
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	long error = sys_call(SYS_ioctl, fd, SIOCSIFFLAGS, &request);
	sys_call(SYS_close, fd);
	return (int)error;
}
