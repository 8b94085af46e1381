// SPDX-License-Identifier: Apache-2.0
// volume.h - -v and --tmpfs: mounts that the user asks for
#pragma once

#include "engine/place.h"
#include "engine/run_opts.h"

// A value of -v: "SOURCE:DESTINATION[:OPTIONS]", as a bind mount. SOURCE is made absolute from
// `cwd`; whether it exists is not looked at. Names of volumes, and options that are Docker's but
// not here yet, are refused by name.
int volume_parse(struct arena *arena, const char *cwd, const char *text,
		 struct oci_mount *ret_mount);

// A value of --tmpfs: "DESTINATION[:OPTIONS]", with Docker's rw, noexec, nosuid and nodev where
// the options do not say otherwise. Without "mode=" the mount has the mode of what it covers.
int tmpfs_parse(struct arena *arena, const char *text, struct oci_mount *ret_mount);

// Reads all of both, those nearer to the root first, as a mount would hide what lies below it. A
// destination that stands twice is an error. *ret_missing are the sources that are not there yet.
int mounts_parse(struct arena *arena, const struct engine_place *place, const struct run_opts *opts,
		 struct oci_mount **ret_mounts, size_t *ret_n, struct oci_strings *ret_missing);
