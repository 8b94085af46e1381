// SPDX-License-Identifier: Apache-2.0
// door.h - where a container that was made waits for its start
#pragma once

#include "base/arena.h"

enum { DOOR_SHUT = 1 }; // nobody waits behind it, or not any more

// Makes the door of the container whose directory this is: a socket that its first process listens
// at. Returns 0 or an error of fail.h.
int door_make(int directory, int *ret_fd);

// INIT: waits until somebody says start. Returns the connection to who did, or a negative errno.
// System calls only.
int door_wait(int door);

// Whether somebody waits behind it: 0, DOOR_SHUT or an error.
int door_look(int directory);

// Says start, and listens until the container's program runs. Returns 0, DOOR_SHUT, or the error
// that kept it from that.
int door_start(struct arena *arena, int directory);
