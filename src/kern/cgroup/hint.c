// SPDX-License-Identifier: Apache-2.0
// hint.c - what may be written, when the kernel has refused a value
//
// The kernel answers "Invalid argument" to a value out of range, to a set that the group above does
// not have, and to a budget that is spent already. What would have been allowed is often to be read
// beside: in the same file of the group above.
#include "kern/cgroup/hint.h"

#include "base/fail.h"
#include "base/fd.h"
#include "kern/cgroup/cgroup.h"

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

enum { VALUE_BYTES = 256 };

struct hint {
	const char *file;  // or what it begins with
	const char *above; // the file of the group above that bounds it; NULL: none
	const char *allowed;
};

static const struct hint hints[] = {
	{"cpuset.cpus", "cpuset.cpus.effective", "only processors of the group above can be taken"},
	{"cpuset.mems", "cpuset.mems.effective",
	 "only memory nodes of the group above can be taken"},
	{"cpu.rt_runtime_us", "cpu.rt_runtime_us",
	 "the budget is taken from the group above and shared with the groups beside"},
	{"cpu.cfs_quota_us", "cpu.cfs_quota_us",
	 "1000 µs or more, and no more than the group above has"},
	{"cpu.cfs_period_us", NULL, "1000 to 1000000 µs"},
	{"cpu.shares", NULL, "2 to 262144"},
	{"cpu.weight", NULL, "1 to 10000"},
	{"cpu.max", NULL, "a quota of 1000 µs or more, or max, and a period of 1000 to 1000000 µs"},
	{"memory.swappiness", NULL, "0 to 100"},
	{"memory.oom_control", NULL, "it can't be changed where the group above has use_hierarchy"},
	{"pids.max", NULL, "a number of processes, or max"},
	{"io.max", NULL, "whole disks by their numbers: lsblk shows them"},
	{"blkio.throttle.", NULL, "whole disks by their numbers: lsblk shows them"},
	{"io.bfq.weight", NULL, "1 to 1000, of disks whose I/O scheduler is bfq"},
	{"blkio.bfq.weight", NULL, "1 to 1000, of disks whose I/O scheduler is bfq"},
	{"hugetlb.", NULL, "bytes, in whole pages of that size"},
};

static bool read_above(const char *directory, const char *file, char *value)
{
	char path[PATH_MAX];
	snprintf(path, sizeof(path), "%s/../%s", directory, file);
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, value, VALUE_BYTES - 1);
	if (n <= 0)
		return false;
	value[n] = '\0';
	value[strcspn(value, "\n")] = '\0';
	return *value;
}

void cgroup_hint(const char *directory, const char *file, int error)
{
	char value[VALUE_BYTES];
	if (error == -ENOENT) {
		fail_hint("this kernel, or this cgroup, has no such file");
		return;
	}
	if (error == -EBUSY && str_eq(file, "cgroup.subtree_control")) {
		fail_hint("processes sit in that group, so it can't hand controllers down; move "
			  "them into a group below it");
		return;
	}
	for (size_t i = 0; i < lengthof(hints); i++) {
		if (!str_starts(file, hints[i].file))
			continue;
		if (hints[i].above && (read_above(directory, hints[i].above, value) ||
				       read_above(directory, hints[i].file, value)))
			fail_hint("%s: it has '%s'", hints[i].allowed, value);
		else
			fail_hint("allowed: %s", hints[i].allowed);
		return;
	}
}

void cgroup_hint_none(const struct facts *facts, unsigned controllers)
{
	const char *user = facts->user ? facts->user : "USER";
	char trees[512] = "";
	if (!controllers)
		controllers = 1u << CONTROLLER_MEMORY;
	if (!cgroup_on_v1(facts, controllers)) {
		fail_hint("with systemd and its user bus (dbus-user-session), log in, not by su "
			  "or sudo; or as root: loginctl enable-linger %s",
			  user);
		return;
	}
	for (int i = 0; i < CONTROLLER_COUNT; i++) {
		size_t n = strlen(trees);
		if (controllers >> i & 1)
			snprintf(trees + n, sizeof(trees) - n, " %s",
				 facts->controller[i].directory);
	}
	fail_hint("root hands one over: for d in%s; do mkdir $d/NAME && chown -R %s $d/NAME; done; "
		  "then --cgroup-parent NAME",
		  trees, user);
}
