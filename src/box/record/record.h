// SPDX-License-Identifier: Apache-2.0
// record.h - what is known of a container on disk, from before its first step to its removal
//
//	ROOT/containers/KEY/     of containers that are kept, or have an overlay
//	RUNROOT/containers/KEY/  of all others (--rm)
//	ROOT/names/NAME          a symbolic link to the key: a name is taken when this can be made
//
// The key is the first half of the id, 128 bits. So long a link lies in its inode; one to the whole
// id would need a block of the disk, and freeing one takes as long as removing twenty small files.
//
// The directory is locked by the process that runs the container, for as long as it does. So a
// container lives when its lock is held, and what is not locked is over, even if nobody had the
// time to write that down.
#pragma once

#include "base/record.h"
#include "box/record/about.h"
#include "box/plan.h"

struct box_record {
	const char *id; // of an unreadable record: its key
	const char *name;
	const char *image;               // "hello", or the root's directory
	const char *image_id;            // of an image that is kept: "sha256:…"; NULL
	struct oci_strings command;      // argv
	struct oci_strings cgroups;      // directories to remove after it
	int64_t created;                 // seconds since 1970
	int64_t finished;                // likewise; 0: nobody wrote that down
	int64_t exit_code;               // -1: not known
	bool remove;                     // --rm
	struct oci_pairs labels;         // --label and the image's
	struct oci_pairs annotations;    // --annotation
	int64_t stop_signal;             // that asks it to end; 0: SIGTERM
	int64_t stop_timeout;            // seconds it has for that; -1: for ever
	bool oom_killed;                 // somebody in it was killed for want of memory
	struct box_about about;          // more of its specification
	struct oci_id_map *uid_mappings; // of its user namespace: host_id is an id of the host
	size_t uid_mappings_n;
	struct oci_id_map *gid_mappings;
	size_t gid_mappings_n;
	struct record_process owner; // the process that runs it, or ran it
	// Not in the record, but found out:
	bool running;                // its directory is locked
	const char *directory;       // where it lies
	struct record_process first; // its own first process; known where nobody saw its end
};

// Where the containers of a caller lie.
struct box_place {
	const char *root;
	const char *runroot;
};

// Whether a container of those under `root` has the name; one that is gone may have it still, until
// somebody wants it.
bool box_name_is_taken(struct arena *arena, const char *root, const char *name);

// Makes the directory, locks it, writes the record and takes the name. ret_directory is the
// descriptor that holds the lock. Errors are worded.
int box_record_create(struct arena *arena, const struct plan *plan, int *ret_directory);

// Writes down the container's first process, which may outlive its tare (see ADR 6), as a link of
// its own: a record that is replaced has to be written to the disk before it can be removed. Best
// effort.
void box_record_started(struct arena *arena, int directory, pid_t first);

// The same for one that other commands will look for: that it can't be written is an error.
int box_record_mark(struct arena *arena, int directory, pid_t first);

// Writes the end of a container that is kept.
int box_record_finish(struct arena *arena, const struct plan *plan, int directory, int exit_code,
		      bool oom_killed);

// Takes the container's directory, by its locked descriptor, and its name away. Best effort.
void box_record_discard(struct arena *arena, const struct plan *plan, int directory);

// All containers there are, in no particular order. Reads hostile files: what is broken is listed
// with its id and without the rest.
int box_record_list(struct arena *arena, const struct box_place *place,
		    struct box_record **ret_records, size_t *ret_n);

// Reads the record of the container whose directory is `key`; what is not of the record is 0.
int box_record_parse(struct arena *arena, struct str text, const char *key,
		     struct box_record *ret_record);

// Removes one that does not run: what is left of its processes, cgroups, name, directory. Returns
// 0, BOX_RECORD_RUNNING, or an error.
enum { BOX_RECORD_RUNNING = 1 };
int box_record_remove(struct arena *arena, const struct box_place *place, const struct facts *facts,
		      const struct box_record *record);

// Ends what killed commands left running, and removes what they left of containers with --rm. Looks
// at `most` containers at the most, so that a start among thousands costs no more than one among
// none; 0: at all of them. `own` is the id of the caller's container, which needs no look; or NULL.
void box_record_sweep(struct arena *arena, const struct box_place *place, const struct facts *facts,
		      unsigned most, const char *own);
