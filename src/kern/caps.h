// SPDX-License-Identifier: Apache-2.0
// caps.h - the capabilities: the pieces root's power is cut into
//
// A capability is a bit in a set of 64; see capabilities(7). This file knows their names and
// numbers and Docker's choice of them. A kernel may know fewer than CAPS_LAST: see
// facts.last_capability.
#pragma once

#include "base/arena.h"

#include <linux/capability.h>

enum { CAPS_LAST = 40 }; // CAP_CHECKPOINT_RESTORE, of Linux 5.9

#define CAPS_BIT(number) (UINT64_C(1) << (number))
#define CAPS_ALL         (CAPS_BIT(CAPS_LAST + 1) - 1)

// What a container has when nobody says otherwise, as in Docker.
#define CAPS_DOCKER                                                                                \
	(CAPS_BIT(CAP_CHOWN) | CAPS_BIT(CAP_DAC_OVERRIDE) | CAPS_BIT(CAP_FSETID) |                 \
	 CAPS_BIT(CAP_FOWNER) | CAPS_BIT(CAP_MKNOD) | CAPS_BIT(CAP_NET_RAW) |                      \
	 CAPS_BIT(CAP_SETGID) | CAPS_BIT(CAP_SETUID) | CAPS_BIT(CAP_SETFCAP) |                     \
	 CAPS_BIT(CAP_SETPCAP) | CAPS_BIT(CAP_NET_BIND_SERVICE) | CAPS_BIT(CAP_SYS_CHROOT) |       \
	 CAPS_BIT(CAP_KILL) | CAPS_BIT(CAP_AUDIT_WRITE))

// Reads one name: "NET_ADMIN", "cap_net_admin" or, for every one of them, "ALL". Returns 0 or
// -EINVAL, whose hint proposes the nearest name.
int caps_parse(const char *name, uint64_t *ret_mask);

// "CAP_CHOWN" for 0; NULL for a number above CAPS_LAST.
const char *caps_name(unsigned number);

// "CAP_CHOWN, CAP_KILL" in the order of their numbers, "none" for 0, "all" for every one of them.
// A bit above CAPS_LAST shows as its number.
const char *caps_text(struct arena *arena, uint64_t mask);
