// SPDX-License-Identifier: Apache-2.0
// sysctl.h - the kernel's settings that a container can have for itself
#pragma once

#include "base/arena.h"

enum { SYSCTL_KEY_MAX = 255, SYSCTL_VALUE_MAX = 1024 }; // bytes

// The file below /proc/sys of a key such as "net.ipv4.ip_forward": "net/ipv4/ip_forward". Where the
// first separator is a slash, dots are part of names: "net/ipv4/conf/eth0.1/forwarding". Returns 0
// or -EINVAL for what is no key: an error of fail.h.
int sysctl_path(struct arena *arena, const char *key, const char **ret_path);

// The kind of namespace ("network", "ipc", "uts") that has this file for itself; NULL: it belongs
// to the whole host.
const char *sysctl_namespace(const char *path);

// Whether this may be written as a value: printable text without '+' and '/', which no setting of a
// namespace has and which smuggled second settings through other runtimes. An error of fail.h.
int sysctl_check_value(const char *key, const char *value);
