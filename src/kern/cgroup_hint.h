// SPDX-License-Identifier: Apache-2.0
// cgroup_hint.h - what may be written, when the kernel has refused a value
#pragma once

// Adds a hint to the fault that tells of the refusal with this (negative) errno, where there is one
// to give.
void cgroup_hint(const char *directory, const char *file, int error);
