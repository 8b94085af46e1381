// SPDX-License-Identifier: Apache-2.0
// watch.h - a filter that asks the watcher
#pragma once

#include "box/plan/builder.h"
#include "kern/seccomp/seccomp.h"

// Whether this kernel can (else an error of fail.h), and the flags to install the filter with. A
// profile that asks an agent has no room for the watcher.
int plan_watch_flags(struct builder *builder);

// The filter that asks the watcher: where spec->watch is BOX_WATCH_RECORD about what passes, but
// for sendmsg, by which the listener is handed over; where it is BOX_WATCH_EXPLAIN about what gets
// an errno. What kills stays as it is. -E2BIG: there is no room for the instructions.
int plan_watch_filter(struct arena *arena, enum box_watch watch, const struct seccomp_filter *judge,
		      struct seccomp_filter *ret_filter);
