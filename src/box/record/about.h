// SPDX-License-Identifier: Apache-2.0
// about.h - what the record of a container keeps of its specification, for those who ask later
#pragma once

#include "box/plan.h"

struct box_about_mount {
	const char *type;        // "bind", "volume", "tmpfs"
	const char *source;      // on the host; NULL: it has none
	const char *destination; // in the container
	const char *options;     // words of mount(8), with commas
};

struct box_about {
	const char *hostname;
	const char *domainname;
	const char *user;       // as it was asked for; NULL: root
	const char *workdir;    // where it starts
	const char *network;    // "none", "host", the path of another's namespace
	const char *ipc;        // "private" can't be joined; "shareable", "none", "host", a path
	struct oci_strings env; // "NAME=value"; of what the user gave the name alone
	struct box_about_mount *mounts; // that were asked for
	size_t mounts_n;
	bool terminal;
	bool stdin_open;
	bool init;
	bool readonly;
	bool privileged;
	bool no_new_privileges;
	const char *cgroup; // the name of its groups; NULL: it has none
	// Limits; 0: none.
	int64_t memory;
	int64_t memory_swap;
	int64_t memory_reservation;
	int64_t pids;
	int64_t cpu_quota;
	int64_t cpu_period;
	int64_t cpu_shares;
	const char *cpuset_cpus;
	const char *cpuset_mems;
};

extern const struct shape box_about_shape;

// Fills it. Values of variables that the user gave are not written down: they may be secrets.
void box_about_make(struct arena *arena, const struct plan *plan, struct box_about *ret_about);
