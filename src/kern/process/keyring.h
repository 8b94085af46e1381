// SPDX-License-Identifier: Apache-2.0
// keyring.h - the session keyring of a process
#pragma once

// Puts the calling process into a new, empty session keyring of that name. Raw, for a container's
// first process: returns 0 or a negative errno. -EDQUOT: this user has too many keyrings already
// (200, /proc/sys/kernel/keys/maxkeys); -ENOSYS: a kernel without keys.
int keyring_join(const char *name);
