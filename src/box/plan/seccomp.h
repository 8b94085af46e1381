// SPDX-License-Identifier: Apache-2.0
// seccomp.h - the filter of a plan: Docker's default, or the one that a document describes
#pragma once

#include "box/plan/builder.h"
#include "kern/seccomp/seccomp.h"

// Sets the plan's filter, for the bounding set that is in the plan. An error names what in the
// document is not known, or the call that the start itself needs and the filter denies.
int plan_make_filter(struct builder *builder);

// Whether a start may make this call with its filter on, whatever the plan.
bool seccomp_start_needs(const char *name);

// The architectures that a document may name: those whose ABIs kernels of ours serve.
extern const struct shape_word plan_seccomp_machines[];

// A document as a profile for kern, and the flags to install the filter with.
int seccomp_profile_read(struct arena *arena, const struct oci_seccomp *document,
			 struct seccomp_profile *ret_profile, unsigned *ret_flags);

// A filter as hex digits, 16 an instruction (code, jt, jf, k), and back: as a step of the printed
// script carries it.
const char *seccomp_filter_text(struct arena *arena, const struct sock_filter *code, size_t n);
int seccomp_filter_read(struct arena *arena, const char *text, struct seccomp_filter *ret_filter);
