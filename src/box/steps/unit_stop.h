// SPDX-License-Identifier: Apache-2.0
// unit_stop.h - the end of a container's scope of systemd's
#pragma once

#include "base/arena.h"

// Stops it and waits until systemd says that it is gone; one that is not there is fine.
int unit_stop(struct arena *arena, const char *bus, const char *unit);
