// SPDX-License-Identifier: Apache-2.0
// freeze.h - stopping all processes of a group where they stand, and letting them go on
#pragma once

// Freezes or thaws the group and those below it, and waits until that is so, ten seconds at most;
// one that can't be frozen in that time is thawed again. Returns 0 or an error of fail.h.
int cgroup_freeze(const char *directory, bool frozen);

// Whether it is frozen, or about to be.
bool cgroup_is_frozen(const char *directory);
