// SPDX-License-Identifier: Apache-2.0
// netlink.h - network interfaces of the present network namespace
#pragma once

// Switches "lo" on. Raw, for a container's first process: returns 0 or a negative errno, -EPERM
// without CAP_NET_ADMIN over the network namespace.
int netlink_loopback_up(void);
