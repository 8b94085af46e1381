// SPDX-License-Identifier: Apache-2.0
// state.h - the state of a container, as a runtime tells it
//
// runtime.md, "State": what `state` prints and hooks get on standard input. With a seccomp filter
// that asks an agent, that agent gets one inside of a larger document (config-linux.md, "The
// Container Process State").
#pragma once

#include "oci/lists.h"

enum oci_status {     // in the order of a container's life
	OCI_CREATING, // being made
	OCI_CREATED,  // made, its program has not begun
	OCI_RUNNING,  // its program runs
	OCI_PAUSED,   // likewise, but frozen: not of the specification, all runtimes say it
	OCI_STOPPED,  // its process has ended
};

struct oci_state {
	const char *oci_version;
	const char *id;
	const char *status; // of oci_statuses
	int64_t pid;        // as its reader sees it; 0: there is none
	const char *bundle; // absolute
	struct oci_pairs annotations;

	const char *rootfs;         // these three all runtimes add: absolute, NULL: not told
	const char *created;        // when: RFC 3339
	const char *owner;          // the user who made it
	struct oci_strings unknown; // set by parse: a runtime may add keys of its own
};

struct oci_process_state { // for the agent of a seccomp filter
	const char *oci_version;
	struct oci_strings fds; // names of the descriptors that come along
	int64_t pid;
	const char *metadata; // linux.seccomp.listenerMetadata; NULL: none
	struct oci_state state;
	struct oci_strings unknown;
};

extern const struct shape oci_state_shape;

// Return 0 or -EINVAL, worded with line, column and the key's place.
int oci_state_parse(struct arena *arena, struct str text, struct oci_state *ret_state);
int oci_process_state_parse(struct arena *arena, struct str text,
			    struct oci_process_state *ret_state);

// Writes it; indented it ends in a newline.
void oci_state_print(struct buf *buf, enum json_form form, const struct oci_state *state);
void oci_process_state_print(struct buf *buf, const struct oci_process_state *state);
