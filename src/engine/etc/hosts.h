// SPDX-License-Identifier: Apache-2.0
// hosts.h - lines for /etc/hosts, as --add-host names them
#pragma once

#include "base/buf.h"
#include "oci/lists.h"

enum { HOSTS_LINE_MAX = 1024 }; // bytes that one --add-host adds, and of its value

// Adds the lines of one value: "NAME:ADDRESS", "NAME=ADDRESS", an IPv6 address in brackets or
// without, several names with semicolons between them.
int hosts_add(struct buf *out, const char *text);
