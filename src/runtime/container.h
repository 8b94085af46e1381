// SPDX-License-Identifier: Apache-2.0
// container.h - what is known of a container between two commands
//
// Each has a directory named by its id in the state root:
//
//	lock         held by the command that changes it
//	record       what it is (below), written when it is made
//	config.json  the document it was made of, as it was
//	first        its first process: number, start, boot (box/steps/wait.c)
//	start        the socket at which it waits for its start (box/steps/door.h)
#pragma once

#include "base/record.h"
#include "oci/spec.h"
#include "runtime/runtime.h"

enum container_status {
	CONTAINER_CREATING, // the command that makes it is at work
	CONTAINER_CREATED,  // it waits for its start
	CONTAINER_RUNNING,
	CONTAINER_PAUSED, // its processes are frozen
	CONTAINER_STOPPED,
	CONTAINER_STATUS_COUNT,
};

#define CONTAINER_DOCUMENT "config.json"

struct container {
	// of the record
	const char *id;
	const char *oci_version;    // that its document names
	const char *bundle;         // absolute
	const char *rootfs;         // absolute
	const char *created;        // RFC 3339
	const char *owner;          // who made it: his name, or his number
	bool pid_namespace;         // it has one of its own: with its first process all die
	struct oci_strings cgroups; // directories
	const char *cgroup_name;    // below the top of each tree; NULL: it has none
	const char *unit;           // the scope of systemd's that its group is; NULL: it is none
	const char *freezer;        // the one of them that can freeze it; NULL: none can
	struct oci_pairs annotations;
	bool hooks; // its document has some for after its start

	// not of the record
	const char *path;            // of the directory
	int directory;               // open on it; -1: not open
	struct record_process first; // boot NULL: not known
	int pidfd;                   // of the first process; -1: it has ended, or was not asked for
	enum container_status status;
};

#define CONTAINER_NONE      ((struct container){.directory = -1, .pidfd = -1})
#define _cleanup_container_ _cleanup_(container_close)

void container_close(struct container *container);

// The state root: --root, or the usual place. It is made where it is missing if `make` says so.
int container_root(struct runtime_call *call, bool make, const char **ret_root);

// Makes the container's directory and locks it; `path` and `directory` are set.
int container_make(struct runtime_call *call, const char *id, struct container *ret_container);

// Writes the record, and the document it was made of.
int container_write(struct arena *arena, const struct container *container, struct str document);

// Reads the record of the container `id`; what is not of the record is 0.
int container_parse(struct arena *arena, struct str text, const char *id,
		    struct container *ret_container);

// Writes the record anew, after a change of it.
int container_rewrite(struct arena *arena, const struct container *container);

// The ids that there are in the state root, in the order of their bytes.
int container_ids(struct runtime_call *call, struct oci_strings *ret_ids);

enum container_hold {
	CONTAINER_LOOK, // others may change it meanwhile
	CONTAINER_LOCK, // nobody else changes it, until we end
};

// Lets other commands change what container_make made, and takes the lock again: 0,
// CONTAINER_MISSING where one of them has removed it, or an error.
enum { CONTAINER_MISSING = 1 };
void container_unlock(const struct container *container);
int container_relock(const struct container *container);

// Opens the container called `id` and finds out how it is. Returns 0, CONTAINER_MISSING, or an
// error; what is not there is an error of container_need.
int container_open(struct runtime_call *call, const char *id, enum container_hold hold,
		   struct container *ret_container);
int container_need(struct runtime_call *call, const char *id, enum container_hold hold,
		   struct container *ret_container);

// Reads the document it was made of.
int container_document(struct arena *arena, const struct container *container,
		       struct oci_spec *ret_spec);

// Refuses one that has no groups.
int container_need_cgroup(const struct container *container);

// The number of the first process, 0 where it has ended.
int64_t container_pid(const struct container *container);

// "running".
const char *container_status_text(enum container_status status);

// Sends its first process a signal: 0, or an error (-ESRCH where it has ended).
int container_signal(const struct container *container, int signal);

// A frozen process of cgroup v1 dies only when it is thawed: this does so after KILL.
int container_let_die(const struct container *container, int signal);

// Kills what is left of it, and removes its groups, its scope and its directory.
int container_remove(struct arena *arena, struct container *container);
