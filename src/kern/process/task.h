// SPDX-License-Identifier: Apache-2.0
// task.h - one process of anybody's, as /proc/PID tells it
//
// The directory is opened once: afterwards it means that process, and fails with ESRCH when it is
// gone, whatever its number comes to mean. What is in the files was partly chosen by the process
// (its name, its arguments), and is hostile.
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "kern/namespaces/idmap.h"

enum {
	TASK_LEVELS_MAX = 33,      // pid namespaces inside one another, the kernel's limit
	TASK_STATUS_MAX = 1 << 20, // bytes; 65,536 groups fit
	TASK_SMALL_MAX = 64 << 10, // of other files
	TASK_LIMITS = 16,          // kinds of resource limits
	TASK_MAP_LINES = 340,      // of uid_map, the kernel's limit
};

struct task {
	pid_t pid;     // as we count
	int directory; // /proc/PID; -1: none is open
};

#define TASK_NONE      ((struct task){.directory = -1})
#define _cleanup_task_ _cleanup_(task_close)

// Returns 0, -ESRCH where there is no such process, or another negative errno. Words nothing.
int task_open(pid_t pid, struct task *ret_task);
void task_close(struct task *task);

// Reads a file of it whole. Returns 0 or a negative errno: -ESRCH when the process is gone, -EACCES
// or -EPERM where the caller may not look.
int task_read(struct arena *arena, const struct task *task, const char *name, size_t max,
	      struct str *ret_text);

// Where a link of it leads, "exe" or "root"; NULL: it can't be read.
const char *task_link(struct arena *arena, const struct task *task, const char *name);

// The number of its namespace "pid", "net", …: an inode, which tells namespaces apart. Returns 0 or
// a negative errno.
int task_namespace(const struct task *task, const char *file, uint64_t *ret_number);

enum task_caps {
	TASK_INHERITABLE,
	TASK_PERMITTED,
	TASK_EFFECTIVE,
	TASK_BOUNDING,
	TASK_AMBIENT,
	TASK_CAPS_COUNT
};

struct task_status {                   // of proc_pid_status(5)
	const char *name;              // at most 64 bytes, with \n and \\ escaped
	char state;                    // 'R', 'S', 'Z', …
	uint32_t tgid;                 // the process, of which this may be a thread
	uint32_t ppid;                 // its parent, as we count; 0: outside of what we see
	uint32_t pid[TASK_LEVELS_MAX]; // its number in each pid namespace, ours first, its own last
	size_t pid_n;
	uint32_t uid, gid; // effective, as we count
	size_t groups_n;   // how many supplementary groups it has
	uint64_t caps[TASK_CAPS_COUNT];
	bool no_new_privs;
	uint32_t seccomp; // 0: none, 1: strict, 2: filters
	uint32_t filters; // how many (Linux 5.9)
	uint32_t threads;
	uint64_t memory; // bytes resident; UINT64_MAX: not told
};

// Reads the text of /proc/PID/status. Returns 0 or -EINVAL.
int task_status_read(struct arena *arena, struct str text, struct task_status *ret_status);

// Reads the text of /proc/PID/uid_map or gid_map; `ret_map` has room for TASK_MAP_LINES. Lines that
// are none are passed over.
void task_map_read(struct str text, struct id_map *ret_map, size_t *ret_n);

// The id inside that an id outside stands for. False: it has none there.
bool task_map_inside(const struct id_map *map, size_t n, uint32_t outside, uint32_t *ret_inside);

struct task_limit {       // of /proc/PID/limits
	const char *name; // "open files"
	const char *soft; // "1024", "unlimited"
	const char *hard;
	const char *unit; // "files"; "": a plain number
};

// Reads it; `ret_limits` has room for TASK_LIMITS.
void task_limits_read(struct arena *arena, struct str text, struct task_limit *ret_limits,
		      size_t *ret_n);
