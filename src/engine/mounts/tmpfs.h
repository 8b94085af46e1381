// SPDX-License-Identifier: Apache-2.0
// tmpfs.h - --tmpfs: file systems in memory
#pragma once

#include "oci/spec.h"

// A value of --tmpfs: "DESTINATION[:OPTIONS]", with Docker's rw, noexec, nosuid and nodev where
// the options do not say otherwise. Without "mode=" the mount has the mode of what it covers.
int tmpfs_parse(struct arena *arena, const char *text, struct oci_mount *ret_mount);

// The same in parts, for --mount: those defaults, then one option after the other. `flag` and
// `text` are for messages.
void tmpfs_begin(struct arena *arena, struct oci_mount *mount);
int tmpfs_word(struct arena *arena, const char *flag, const char *text, struct str word,
	       struct oci_mount *mount);

// Whether it is a file mode: up to four octal digits, a zero before them allowed.
bool tmpfs_is_mode(struct str text);
