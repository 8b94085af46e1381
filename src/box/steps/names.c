// SPDX-License-Identifier: Apache-2.0
// names.c - steps that set up what a namespace holds beside processes
//
// A namespace begins with the kernel's defaults, or a copy of what the host has: an interface that
// is down, the host's own names, settings. These steps give it its own.
#include "box/steps/op.h"

#include "base/sys.h"
#include "box/steps/walk.h"
#include "kern/namespaces/net_device.h"
#include "kern/namespaces/netlink.h"
#include "kern/namespaces/procfs.h"
#include "kern/namespaces/sysctl.h"

// --- loopback -----------------------------------------------------------------------------------

static int loopback_run(struct walk *walk unused_, const struct step *step unused_)
{
	return netlink_loopback_up();
}

static void loopback_say(struct say *say, const struct plan *plan unused_,
			 const struct step *step unused_)
{
	buf_puts(say->title, "switch the loopback interface on");
	buf_puts(say->call, "ioctl(socket, SIOCSIFFLAGS, \"lo\", IFF_UP)");
}

const struct op_row op_loopback = {
	.name = "loopback",
	.operands = "",
	.lore =
		{
			.why = "a new network namespace has one interface, \"lo\", and it is down",
			.without = "127.0.0.1 would be unreachable, also for the container itself",
			.look = "nsenter -t PID -n ip addr",
		},
	.run = loopback_run,
	.say = loopback_say,
};

// --- hostname -----------------------------------------------------------------------------------

static int hostname_run(struct walk *walk unused_, const struct step *step)
{
	return (int)sys_call(SYS_sethostname, step->a, strlen(step->a));
}

static void hostname_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "call this machine %s", step->a);
	buf_printf(say->call, "sethostname(\"%s\")", step->a);
}

const struct op_row op_hostname = {
	.name = "hostname",
	.operands = "a",
	.lore =
		{
			.why = "the uts namespace holds the host's name; a container has its own",
			.without = "its logs would be signed with the host's name",
			.look = "nsenter -t PID -u hostname",
		},
	.run = hostname_run,
	.say = hostname_say,
};

// --- domainname ----------------------------------------------------------------------------------

static int domainname_run(struct walk *walk unused_, const struct step *step)
{
	return (int)sys_call(SYS_setdomainname, step->a, strlen(step->a));
}

static void domainname_say(struct say *say, const struct plan *plan unused_,
			   const struct step *step)
{
	buf_printf(say->title, "call this machine's NIS domain %s", step->a);
	buf_printf(say->call, "setdomainname(\"%s\")", step->a);
}

const struct op_row op_domainname = {
	.name = "domainname",
	.operands = "a",
	.lore =
		{
			.why = "--domainname: the uts namespace holds a second name, which NIS and "
			       "a few other programs ask for by getdomainname(2)",
			.without = "it would be the host's, usually \"(none)\"",
			.look = "nsenter -t PID -u cat /proc/sys/kernel/domainname",
		},
	.run = domainname_run,
	.say = domainname_say,
};

// --- sysctl --------------------------------------------------------------------------------------

// a: the file below /proc/sys; b: its value.
static int sysctl_run(struct walk *walk unused_, const struct step *step)
{
	static const char below[] = "sys/";
	char path[sizeof(below) + SYSCTL_KEY_MAX];
	size_t n = strlen(step->a);
	if (n > SYSCTL_KEY_MAX)
		return -ENAMETOOLONG;
	memcpy(path, below, sizeof(below) - 1);
	memcpy(path + sizeof(below) - 1, step->a, n + 1);
	return procfs_write(path, step->b);
}

static void sysctl_say(struct say *say, const struct plan *plan unused_, const struct step *step)
{
	buf_printf(say->title, "set the kernel's %s to '%s', for this container", step->a, step->b);
	buf_printf(say->call,
		   "openat2(\"/proc\", \"sys/%s\", RESOLVE_BENEATH|RESOLVE_NO_XDEV|"
		   "RESOLVE_NO_SYMLINKS); write(\"%s\")",
		   step->a, step->b);
}

static void sysctl_script(struct buf *out, const struct plan *plan unused_, const struct step *step)
{
	buf_puts(out, "printf %s ");
	buf_shell(out, step->b);
	buf_puts(out, " >");
	buf_shell(out, arena_printf(out->arena, "/proc/sys/%s", step->a));
	buf_putc(out, '\n');
}

const struct op_row op_sysctl = {
	.name = "sysctl",
	.operands = "ab",
	.lore =
		{
			.why = "--sysctl: a few of the kernel's settings belong to a namespace, and "
			       "whose they are is decided by who opens the file. So the container's "
			       "own process writes it, before it sees any path of the container's",
			.without = "the namespace would have the kernel's own default",
			.look = "nsenter -t PID -n -i sysctl -a",
		},
	.run = sysctl_run,
	.say = sysctl_say,
	.script = sysctl_script,
};

// --- net-device ---------------------------------------------------------------------------------

// a: its name on the host, b: inside; NULL: the same.
static int net_device_run(struct walk *walk, const struct step *step)
{
	return net_device_move(walk->arena, walk->pid, step->a, step->b);
}

static void net_device_say(struct say *say, const struct plan *plan unused_,
			   const struct step *step)
{
	buf_printf(say->title, "move the host's network device %s inside", step->a);
	if (step->b)
		buf_printf(say->title, ", as %s", step->b);
	buf_printf(say->call,
		   "netlink: RTM_GETADDR; RTM_NEWLINK(\"%s\", IFLA_NET_NS_FD, IFLA_IFNAME \"%s\"); "
		   "RTM_NEWADDR; RTM_NEWLINK(IFF_UP)",
		   step->a, step->b ? step->b : step->a);
}

static void net_device_script(struct buf *out, const struct plan *plan unused_,
			      const struct step *step)
{
	buf_printf(out,
		   "echo 'the device %s has to be moved once the container is there: ip link set "
		   "dev %s netns PID' >&2\nexit 1\n",
		   step->a, step->a);
}

const struct op_row op_net_device = {
	.name = "net-device",
	.operands = "ab",
	.lore =
		{
			.why = "linux.netDevices: a device is in one network namespace only; it "
			       "keeps its addresses, and goes back to the host, if it is "
			       "hardware, when the container ends",
			.without = "the container could not use it",
			.look = "nsenter -t PID -n ip addr",
		},
	.run = net_device_run,
	.say = net_device_say,
	.script = net_device_script,
};
