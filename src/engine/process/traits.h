// SPDX-License-Identifier: Apache-2.0
// traits.h - what a process hands on to its children, as --umask and its like name it
#pragma once

#include "oci/spec.h"

// A value of --umask: octal, 0 to 0777.
int umask_parse(const char *text, int64_t *ret_umask);

// One of --oom-score-adj: -1000 to 1000.
int oom_score_parse(const char *text, int64_t *ret_score);

// One of --personality: "LINUX32", or with flags "LINUX32,ADDR_NO_RANDOMIZE", or these alone.
int personality_parse(struct arena *arena, const char *text,
		      struct oci_personality *ret_personality);

// One that names a signal, for an option or an image.
int signal_parse(const char *what, const char *text, int *ret_signal);

// Seconds, for ever where they are -1.
int seconds_parse(const char *what, const char *text, int64_t *ret_seconds);

// Values of --sysctl, "KEY=VALUE": the last of a key counts. Whether a container may have the key
// is decided where the plan is made.
int sysctls_parse(struct arena *arena, const struct oci_strings *texts,
		  struct oci_pairs *ret_sysctl);
