// SPDX-License-Identifier: Apache-2.0
// namespace.c - the eight kinds of namespaces
//
// A namespace is a copy of one thing the kernel shows to processes. A process is in one of each
// kind, inherits them, and gets new ones by three calls: clone3(2) makes a child in them,
// unshare(2) puts the caller itself into them, setns(2) enters one that exists. It lives as long as
// a process is in it, or a mount or a descriptor holds its file in /proc/PID/ns. Comparing these
// files (ls -l shows their numbers) tells whether two processes share it.
//
// Containers are made of these: without them a process sees, and as root rules, the whole host.
//
// Two have manners of their own. Unsharing the pid or time namespace changes nothing for the caller
// itself, only for children it makes afterwards. And whatever is made in a user namespace belongs
// to that one: a user may make all others in the same call, as the kernel makes it first.
#include "kern/namespace.h"

#include <linux/sched.h>

const struct namespace namespaces[] = {
	{"user", "user", CLONE_NEWUSER, "CLONE_NEWUSER",
	 "Ids and capabilities: root inside is somebody harmless outside."},
	{"pid", "pid", CLONE_NEWPID, "CLONE_NEWPID",
	 "Process numbers, beginning with 1; who is outside can't be seen or signalled."},
	{"network", "net", CLONE_NEWNET, "CLONE_NEWNET",
	 "Network interfaces, addresses, routes, ports and firewall; a new one has \"lo\" alone."},
	{"ipc", "ipc", CLONE_NEWIPC, "CLONE_NEWIPC",
	 "System V shared memory and semaphores, and POSIX message queues."},
	{"uts", "uts", CLONE_NEWUTS, "CLONE_NEWUTS", "The host name and the NIS domain name."},
	{"cgroup", "cgroup", CLONE_NEWCGROUP, "CLONE_NEWCGROUP",
	 "Where the tree of cgroups seems to begin: at the group its maker was in."},
	{"time", "time", CLONE_NEWTIME, "CLONE_NEWTIME",
	 "Offsets of the clocks that count from the boot; the time of day is the host's."},
	{"mount", "mnt", CLONE_NEWNS, "CLONE_NEWNS",
	 "What is mounted where; mounts made inside do not show outside."},
};
static_assert(lengthof(namespaces) == NAMESPACE_COUNT, "a row for each namespace");

const struct namespace *namespace_find(const char *name)
{
	for (size_t i = 0; i < NAMESPACE_COUNT; i++)
		if (str_eq(namespaces[i].name, name))
			return &namespaces[i];
	return NULL;
}
