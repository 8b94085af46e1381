// SPDX-License-Identifier: Apache-2.0
// passwd_lines.h - --passwd, --passwd-entry, --group-entry, --hostuser: lines for two files
#pragma once

#include "box/spec.h"
#include "engine/place.h"
#include "engine/run_opts.h"
#include "engine/ids/user.h"

// What the lines depend on beside the options.
struct passwd_want {
	const char *text;               // who is run, "USER[:GROUP]"; NULL: root, who has a line
	const struct engine_user *user; // the same, read
	bool keep_id;                   // it is the caller, under his own number
	const char *cwd;                // the working directory
	const struct oci_mount *mounts; // that options ask for
	size_t mounts_n;
};

// Makes the lines, those of one file together. A user of --hostuser whom the host has not is an
// error, and so is an option for a file that a mount covers.
int passwd_lines_make(struct arena *arena, const struct run_opts *opts,
		      const struct engine_place *place, const struct passwd_want *want,
		      struct box_spec *spec);
