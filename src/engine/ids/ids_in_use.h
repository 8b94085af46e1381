// SPDX-License-Identifier: Apache-2.0
// ids_in_use.h - which ids of the host the containers that run have
#pragma once

#include "box/record/record.h"
#include "engine/subordinate.h"

// Looks through the records of containers. Until *ret_lock is closed no other command finds ids
// that are free: hold it until this container's record is there. A NULL ret_lock only looks.
int ids_in_use(struct arena *arena, const struct box_place *place, struct subordinate *ret_uids,
	       struct subordinate *ret_gids, int *ret_lock);
