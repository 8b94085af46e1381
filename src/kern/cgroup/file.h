// SPDX-License-Identifier: Apache-2.0
// file.h - in which cgroups a process is, as /proc/PID/cgroup tells it
#pragma once

#include "base/str.h"

enum { CGROUP_FILE_MAX = 64 << 10 }; // bytes: sixteen lines with names of a page each

struct cgroup_line {
	uint32_t hierarchy;     // 0: the cgroup2 tree
	struct str controllers; // "cpu,cpuacct", "name=systemd"; empty for cgroup2
	struct str path;        // "/user.slice/…", seen from the reader's cgroup namespace
};

// Takes the next line off *rest. Returns 0, CGROUP_FILE_END when nothing is left, -EINVAL when it
// is not such a line.
enum { CGROUP_FILE_END = 1 };
int cgroup_file_next(struct str *rest, struct cgroup_line *ret_line);
