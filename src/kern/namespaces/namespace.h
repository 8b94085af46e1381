// SPDX-License-Identifier: Apache-2.0
// namespace.h - the eight kinds of namespaces
#pragma once

#include "base/str.h"

// The kinds, in the order of the table.
enum namespace_kind {
	NS_USER,
	NS_PID,
	NS_NETWORK,
	NS_IPC,
	NS_UTS,
	NS_CGROUP,
	NS_TIME,
	NS_MOUNT,
	NAMESPACE_COUNT,
};

struct namespace
{
	const char *name;      // as the OCI runtime specification calls it: "network"
	const char *file;      // below /proc/PID/ns: "net"
	uint64_t flag;         // for clone3(2), unshare(2), setns(2)
	const char *flag_name; // "CLONE_NEWNET"
	const char *what;      // one sentence
};

// In the order in which they have to be entered when several are joined: the user namespace first,
// as it gives the right to enter the others, mounts last, as afterwards paths are others.
extern const struct namespace namespaces[NAMESPACE_COUNT];

// By its OCI name; NULL: there is none of that name.
const struct namespace *namespace_find(const char *name);

// Opens the file of a namespace, and sees that it is one of this kind. With a `start` the path is
// /proc/PID/ns/…, and the process must be the one that began then (field 22 of proc_pid_stat(5)):
// a number is given anew, such a pair never. Returns a descriptor or a negative errno without
// words: -ENOTTY for what is no namespace, -EINVAL for one of another kind, -ESRCH for a process
// that is gone.
int namespace_open(const struct namespace *kind, const char *path, uint64_t start);

// Enters it; child-safe. A pid or time namespace is entered by children made afterwards.
int namespace_enter(const struct namespace *kind, int fd);

// The user namespace that has power over this one. Returns a descriptor, or -EPERM where that one
// is neither ours nor below ours.
int namespace_owner(int fd);

// Whether two descriptors are of the same namespace.
bool namespace_is_same(int a, int b);

// Ours of that kind. Returns a descriptor or a negative errno.
int namespace_own(const struct namespace *kind);
