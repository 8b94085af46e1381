// SPDX-License-Identifier: Apache-2.0
// hint.h - what may be written, when the kernel has refused a value; what a user needs
#pragma once

#include "kern/facts.h"

// Adds a hint to the fault that tells of the refusal with this (negative) errno, where there is one
// to give.
void cgroup_hint(const char *directory, const char *file, int error);

// Adds a hint to the fault that tells an ordinary user that he has no cgroup: how to come to one
// with these controllers (bits of enum controller; 0: any).
void cgroup_hint_none(const struct facts *facts, unsigned controllers);
