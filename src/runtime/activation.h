// SPDX-License-Identifier: Apache-2.0
// activation.h - what a service manager gives to a service, passed on to a container
#pragma once

#include "box/spec.h"
#include "runtime/document.h"

// Reads NOTIFY_SOCKET, LISTEN_FDS and LISTEN_FDNAMES from the environment. An error where one is
// not of the form that systemd gives it.
int activation_read(struct document_want *want);

// Adds them to the specification: the descriptors go along behind 2 and before those of
// --preserve-fds, the socket is bound to /run/notify/notify.sock. What can't be passed on becomes a
// notice.
void activation_pass(struct arena *arena, const struct document_want *want, struct box_spec *spec);
