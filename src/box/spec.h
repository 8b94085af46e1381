// SPDX-License-Identifier: Apache-2.0
// spec.h - what a container is to be: the OCI document and the few things it cannot say
//
// engine fills one from Docker's words, the OCI face from a bundle. plan_build turns it into steps.
#pragma once

#include "kern/namespaces/namespace.h"
#include "oci/spec.h"

// How the root file system is put together.
enum box_root {
	BOX_ROOT_BIND,    // oci.root.path itself: what the container writes stays in it
	BOX_ROOT_OVERLAY, // layers below, a directory for changes on top
};

enum box_seccomp {
	BOX_SECCOMP_DEFAULT,    // the effect of Docker's default profile
	BOX_SECCOMP_PROFILE,    // oci.linux_.seccomp
	BOX_SECCOMP_UNCONFINED, // no filter
};

// What is heard of its system calls, and told at the end: for trying.
enum box_watch {
	BOX_WATCH_NONE,
	BOX_WATCH_RECORD,  // those that are made, as a profile that allows them
	BOX_WATCH_EXPLAIN, // those that the filter refuses
};

// A small file that is made for this container and bound over the root's own.
struct box_file {
	const char *destination; // "/etc/hosts"
	const char *name;        // its name in the state directory: "hosts"
	const char *text;        // what is in it
};

// A line that a file of the root's gets: the container's copy of it, never the image's.
struct box_line {
	const char *file;  // "/etc/passwd"; where the root has none, nothing is done
	const char *text;  // fields with colons between, and a newline
	const char *group; // of the root's, whose number "$GID" in it stands for; NULL: none
};

enum { BOX_STOP_TIMEOUT = 10 }; // Docker's

// The first half of an id, 128 bits, names the container's directory (see box/record/record.h).
enum { BOX_KEY_DIGITS = 32 };

// A container that runs, for a process that is to enter it.
struct box_target {
	int pidfd;                // of its first process
	int64_t pid;              // its number, for people
	uint64_t namespaces;      // CLONE_NEW… of those that are entered
	struct oci_strings tasks; // cgroup v1: the files by which its groups are entered
	const char *cgroup2;      // its directory in the tree of cgroup v2; NULL: none is entered
};

struct box_spec {
	struct oci_spec oci;

	const char *id;       // 64 hex digits
	const char *name;     // what the user calls it
	const char *image;    // shown by ps: "hello", or the root's directory
	const char *image_id; // of an image that must be kept as long as this container; NULL
	bool remove;          // --rm: nothing is kept after the end
	const char *state;    // directory of this container, made by the plan: record, hosts, …
	const char *root_directory; // where containers are kept, and their names
	const char *runroot;        // where the fleeting ones are; `state` lies in one of the two

	bool exact; // a bundle's document says all: nothing of Docker's is added or held against it
	bool waits; // it waits for `start`, in `state`, which is there; and outlives its starter
	const char *bundle;  // the directory it was made of; NULL: none
	bool keep_keyring;   // the caller's session keyring stays
	const char *console; // socket that its terminal is sent to; NULL: tare looks after it
	const struct box_target *target; // nothing is made: a process enters this container

	enum box_root root;
	struct oci_strings layers; // overlay: directories, the topmost first
	const char *scratch;       // overlay: directory that gets `upper` and `work`
	bool root_mapped; // the directory, or the layers, have ids as the container counts them, so
			  // they are seen through its id maps; else they are what the host has

	const char *user; // "app", "app:media", "1000:50" to look up in the root; NULL: root
	struct oci_strings groups; // names of the root's groups the user is in, too; numbers are
				   // additional_gids of the document
	bool keep_groups;          // the caller's groups stay
	bool home_from_passwd;     // set HOME from the root's passwd when env has none
	const char *shm; // a mount's source that is the /dev/shm of a container that runs, as
			 // /proc/PID/root/dev/shm; its process began at join_start[NS_IPC]; or NULL
	uint64_t join_start[NAMESPACE_COUNT]; // of a namespace that is joined and whose path is
					      // /proc/PID/ns/…: when that process began, in ticks
					      // after boot; 0: not checked
	bool init;                            // put a reaper in front of the workload as process 1
	bool plain_lines; // its terminal puts no carriage returns before new lines
	bool stdin_open;  // -i: pass our standard input on, else it is /dev/null

	int null_output;  // --attach: bit 1, standard output is /dev/null; bit 2, standard error
	int preserve_fds; // --preserve-fds: how many of the caller's, from 3 on, go along
	const char *preserve_fd; // and these: "5,7", sorted, all above; NULL: none
	int64_t timeout;         // --timeout: seconds after which it is killed; 0: never
	bool no_sig_proxy;       // --sig-proxy=false
	struct oci_pairs labels; // of the container; tare does nothing by them
	int stop_signal;         // that asks it to end; 0: SIGTERM
	int64_t stop_timeout;    // seconds it has for that before it is killed; -1: for ever

	size_t default_mounts; // how many of oci.mounts, the first ones, are every container's
	const char *ipc;       // of an ipc namespace of its own: "private", "shareable", "none"

	enum box_seccomp seccomp;
	enum box_watch watch;
	const char *watch_file; // BOX_WATCH_RECORD: that gets the profile
	bool privileged;
	bool cgroups;              // false: stay in the caller's cgroup
	bool systemd;              // it is a scope; oci.linux_.cgroups_path is its other form
	bool cgroup_asked;         // an ordinary user's container gets one even without limits
	bool device_rules;         // deny all devices but resources.devices
	size_t device_rules_added; // how many of these, the last ones, are not every container's
	struct box_file *files;
	size_t files_n;
	struct box_line *lines; // each unless the file has its first or third field already
	size_t lines_n;
	struct oci_strings secret_env;       // names of variables whose values are never printed
	struct oci_strings make_directories; // of the host, made first, with parents (0755):
					     // sources of -v that are not there
	struct oci_strings notices; // what the user is told before the start, one line each
};
