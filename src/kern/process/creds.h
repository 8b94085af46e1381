// SPDX-License-Identifier: Apache-2.0
// creds.h - who a process is and what it may do: ids, groups, capabilities
//
// Child-safe: raw system calls, which change the calling thread alone; bare negative errnos.
#pragma once

#include <linux/types.h>

// Drops every capability outside `keep` from the bounding set, up to number `last`.
int creds_bound(uint64_t keep, unsigned last);

// Sets all three ids of user and group, and the exact supplementary groups. With `groups` NULL the
// list is left alone: a user namespace with a single id forbids setting it.
int creds_become(uint32_t uid, uint32_t gid, const __u32 *groups, size_t groups_n);

// Keeps what is permitted when the ids change from 0 to another.
int creds_keep(void);

// The four sets that a process has for itself.
struct creds_sets {
	__u64 permitted;
	__u64 effective;
	__u64 inheritable;
	__u64 ambient;
};

// Sets all of them.
int creds_set(const struct creds_sets *sets);

// Sets permitted and effective to `granted`, inheritable and ambient to nothing.
int creds_grant(uint64_t granted);

// Set-uid programs and file capabilities gain nothing from here on, in any descendant.
int creds_no_new_privileges(void);
