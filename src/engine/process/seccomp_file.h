// SPDX-License-Identifier: Apache-2.0
// seccomp_file.h - a seccomp profile in Docker's JSON, as --security-opt seccomp=FILE names one
#pragma once

#include "kern/facts.h"
#include "oci/seccomp.h"

enum { SECCOMP_FILE_MAX = 1 << 20 }; // bytes

// Reads the file and takes what holds for a container with the bounding set `capabilities` (one bit
// each) on this machine and kernel. A plain linux.seccomp of the runtime specification is read as
// well. `ret_missing` is a call that the profile would refuse and that no table here knows by name,
// so that the filter cannot; NULL: there is none.
int seccomp_file_read(struct arena *arena, const char *path, const struct facts *facts,
		      uint64_t capabilities, struct oci_seccomp *ret_seccomp,
		      const char **ret_missing);

// The same of a text; `path` is what messages call it.
int seccomp_file_parse(struct arena *arena, const char *path, struct str text,
		       const struct facts *facts, uint64_t capabilities,
		       struct oci_seccomp *ret_seccomp, const char **ret_missing);
