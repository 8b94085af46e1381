// SPDX-License-Identifier: Apache-2.0
// file.c - reading /proc/PID/cgroup
//
// A process is in one cgroup of each hierarchy. The file has a line for each:
//
//	4:memory:/system.slice        cgroup v1: number, controllers, path in that tree
//	3:cpu,cpuacct:/               two controllers can share one tree
//	1:name=systemd:/              a v1 tree without controllers has a name
//	0::/system.slice              the tree of cgroup v2
//
// The path may hold colons, the other fields do not. A host with line 0 alone runs cgroup v2, one
// with others beside it is a hybrid. Without this file a program can't tell which of them apply to
// it, nor where it stands in the tree.
#include "kern/cgroup/file.h"

int cgroup_file_next(struct str *rest, struct cgroup_line *ret_line)
{
	struct str line = str_line(rest);
	if (!line.p)
		return CGROUP_FILE_END;
	struct str number = str_cut(&line, ':');
	struct str controllers = str_cut(&line, ':');
	uint64_t hierarchy;
	if (str_number(number, UINT32_MAX, &hierarchy) || !line.n || line.p[0] != '/' ||
	    memchr(line.p, '\0', line.n) || (hierarchy == 0) != (controllers.n == 0))
		return -EINVAL;
	*ret_line = (struct cgroup_line){(uint32_t)hierarchy, controllers, line};
	return 0;
}
