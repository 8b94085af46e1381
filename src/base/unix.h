// SPDX-License-Identifier: Apache-2.0
// unix.h - sockets of this host that have a name in the file system, and what travels through them
#pragma once

#include "base/str.h"

// Connects to the stream socket at `path`, which may be longer than an address has room: it is
// reached by its directory. Returns 0 or a negative errno.
int unix_connect(const char *path, int *ret_fd);

// Sends `text`, at least one byte, and with its first byte the descriptor. Returns 0 when all of it
// was taken, or a negative errno.
int unix_send(int socket, struct str text, int descriptor);
