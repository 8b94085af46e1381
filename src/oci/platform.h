// SPDX-License-Identifier: Apache-2.0
// platform.h - which machines a program runs on: "linux/amd64", "linux/arm/v7"
#pragma once

#include "oci/descriptor.h"

// This machine's own.
extern const struct oci_platform platform_host;

// Reads "os/architecture[/variant]", or an architecture alone. The kernel's and Debian's names of
// architectures become Go's: "x86_64" is amd64. Returns 0 or -EINVAL, worded.
int platform_parse(struct arena *arena, const char *text, struct oci_platform *ret_platform);

// How well an image of `have` serves who wants `wanted`: 0 not at all, more is better. Variants of
// one architecture run each other's programs downwards: v6 on v7. NULL has everything, badly.
unsigned platform_fits(const struct oci_platform *wanted, const struct oci_platform *have);

// Whether this machine's processors run its programs by themselves: amd64 runs 386.
bool platform_runs(const struct oci_platform *platform);

// "linux/arm/v7".
const char *platform_text(struct arena *arena, const struct oci_platform *platform);
