// SPDX-License-Identifier: Apache-2.0
// survey.h - what else there is to know of a host, for `tare doctor`
//
// A plan needs none of it, so a start does not ask: some of it costs a mount or a fork. Like facts
// it is data, read and printed as JSON, so that what is made of it can be tested for hosts that
// nobody here has.
#pragma once

#include "kern/facts.h"

// One place where tare keeps things.
struct survey_place {
	const char *path;        // the place, or the nearest directory above it that is there
	const char *file_system; // "ext4", "overlay", "nfs"; NULL: not known
	uint64_t free;           // bytes that the caller could still use
	uint64_t total;          // bytes
	bool writable;           // the caller may make files there
	bool noexec;             // mount options that containers would inherit
	bool nodev;
	bool nosuid;
};

// A program that tare calls.
struct survey_program {
	const char *path;  // NULL: not there
	bool set_id;       // set-uid root
	bool capabilities; // or with file capabilities
};

struct survey_names {
	const char **item;
	size_t n;
};

struct survey {
	const char *release; // of the kernel: "6.18.4-amd64"

	// Switches of sysctl; -1: this kernel does not have it
	int64_t debian_userns;  // kernel.unprivileged_userns_clone
	int64_t ubuntu_userns;  // kernel.apparmor_restrict_unprivileged_userns
	int64_t max_userns;     // user.max_user_namespaces
	int64_t first_port;     // net.ipv4.ip_unprivileged_port_start
	int64_t dmesg_restrict; // kernel.dmesg_restrict
	uint64_t keys_most;     // kernel.keys.maxkeys, of a user
	uint64_t keys_used;     // by the caller

	bool systemd;     // it is the host's init
	bool session_bus; // the caller's systemd can be asked for a scope

	struct survey_program newuidmap;
	struct survey_program newgidmap;
	const char *pasta; // path; NULL: not there
	int64_t tun_error; // errno of opening /dev/net/tun; 0: it can be

	bool seccomp;          // filters
	uint32_t landlock;     // its ABI; 0: none
	bool apparmor;         // it is on
	bool apparmor_profile; // one of tare's is loaded, as far as the caller may look
	int64_t selinux;       // 1 enforcing, 0 permissive, -1: off

	bool erofs;      // the kernel has it
	bool mount_api;  // fsopen(2) and its kin
	bool lower_plus; // overlay takes its layers one by one
	bool idmapped;   // mount_setattr(2) with MOUNT_ATTR_IDMAP
	bool time_namespace;

	struct survey_names helpers;         // those of tare's that were found
	struct survey_names missing_helpers; // and those that were not
	struct survey_names emulated;        // architectures whose programs run here: "arm64"

	struct survey_place root;
	struct survey_place runroot;
};

// Looks all of it up. `helpers` are the names of tare's programs under libexec, up to NULL. Nothing
// is an error: what can't be found out is not there.
void survey_gather(struct arena *arena, const struct facts *facts, const char *root,
		   const char *runroot, const char *const *helpers, struct survey *ret_survey);

int survey_from_json(struct arena *arena, struct str text, struct survey *ret_survey);
struct str survey_to_json(struct arena *arena, const struct survey *survey);
