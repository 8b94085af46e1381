// SPDX-License-Identifier: Apache-2.0
// process.h - the process of a runtime document: what a container runs, as whom, with what rights
//
// config.md, "Process". It is also a document of its own: what `exec --process FILE` reads.
#pragma once

#include "oci/lists.h"

struct oci_user {
	uint32_t uid;                    // inside the container
	uint32_t gid;                    // inside the container
	const uint32_t *additional_gids; // exact supplementary groups
	size_t additional_gids_n;
	int64_t umask;        // -1: not given
	const char *username; // of Windows; nothing heeds it
};

struct oci_console_size { // characters; both 0: not given
	uint64_t height;
	uint64_t width;
};

struct oci_rlimit {
	const char *type; // "RLIMIT_NOFILE"
	uint64_t soft;    // RLIM_INFINITY is UINT64_MAX
	uint64_t hard;
};

struct oci_capabilities { // names such as "CAP_CHOWN"
	struct oci_strings bounding;
	struct oci_strings effective;
	struct oci_strings inheritable;
	struct oci_strings permitted;
	struct oci_strings ambient;
};

struct oci_io_priority {
	const char *class; // of oci_io_classes; NULL: the object is not there
	int64_t priority;  // 0, served first, to 7
};

struct oci_scheduler {            // see sched_setattr(2); times in nanoseconds, 0: not given
	const char *policy;       // of oci_scheduler_policies; NULL: the object is not there
	int64_t nice;             // -20 to 19, of SCHED_OTHER and SCHED_BATCH
	int64_t priority;         // 1 to 99, of SCHED_FIFO and SCHED_RR
	struct oci_strings flags; // of oci_scheduler_flags
	uint64_t runtime;         // these three of SCHED_DEADLINE
	uint64_t deadline;
	uint64_t period;
};

struct oci_affinity {        // of processes that exec adds: "0-3,7"; NULL: not given
	const char *initial; // before it enters the container's cgroup
	const char *final;   // after
};

struct oci_process {
	bool terminal;
	struct oci_console_size console_size; // of the terminal
	struct oci_user user;
	struct oci_strings args;  // args.item[0] is looked up on PATH when it has no slash
	const char *command_line; // of Windows
	struct oci_strings env;   // "NAME=value"
	const char *cwd;          // absolute
	struct oci_capabilities capabilities;
	struct oci_rlimit *rlimits;
	size_t rlimits_n;
	bool no_new_privileges;
	int64_t oom_score_adj; // INT64_MIN: not given
	struct oci_scheduler scheduler;
	struct oci_io_priority io_priority;
	struct oci_affinity exec_cpu_affinity;
	const char *apparmor_profile; // NULL: not given
	const char *selinux_label;    // NULL: not given
};

extern const struct shape oci_process_shape;

// Reads one that stands alone; *ret_unknown are the places of keys that are not known.
int oci_process_parse(struct arena *arena, struct str text, struct oci_process *ret_process,
		      struct oci_strings *ret_unknown);
