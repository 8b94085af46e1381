// SPDX-License-Identifier: Apache-2.0
// life.h - the start and the end of a container, with their hooks
//
// The container is locked by the caller.
#pragma once

#include "box/monitor/monitor.h"
#include "runtime/container.h"

// Runs the program of one that was created. Returns 0, or the error that kept it from running; then
// nobody waits any more. Where that was a poststart hook, the container was abandoned.
int start_container(struct runtime_call *call, struct container *container);

// Ends it, however it is, and removes what is left of it.
int delete_container(struct runtime_call *call, struct container *container);

// The same, once, for an error that was recorded: returns `result`.
int abandon_container(struct runtime_call *call, struct container *container, int result);

// Looks after a process and its terminal (-1: it has none) until its end, which becomes the
// command's exit status. This needs no lock.
int watch_to_end(struct runtime_call *call, struct monitor *monitor, int pidfd, int master);
