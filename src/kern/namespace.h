// SPDX-License-Identifier: Apache-2.0
// namespace.h - the eight kinds of namespaces
#pragma once

#include "base/str.h"

enum { NAMESPACE_COUNT = 8 };

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
