// SPDX-License-Identifier: Apache-2.0
// containers.h - the containers there are: list, find, remove
#pragma once

#include "box/record/record.h"
#include "engine/roots.h"

// All of them, the newest first, after what killed commands left of --rm containers was removed.
int containers_list(struct arena *arena, const struct roots *roots, struct box_record **ret_records,
		    size_t *ret_n);

// What a container is doing, in Docker's words: "running", "exited", "dead".
const char *container_state(const struct box_record *record);

// The same for people: "Up 5 minutes", "Exited (3) 2 hours ago", "Dead".
const char *container_status(struct arena *arena, const struct box_record *record, int64_t now);

// The container that is called so, or whose id begins so. Not there is an error, -ENOENT, that
// proposes near names; several are -EEXIST.
int container_find(const struct box_record *records, size_t n, const char *name,
		   const struct box_record **ret_record);

// Removes a container, which errors call `given`. A running one is an error, or is killed first
// with `force`.
int container_remove(struct arena *arena, const struct roots *roots,
		     const struct box_record *record, const char *given, bool force);

// Kills and removes the container that has exactly this name, if there is one. Without a name it is
// an error.
int container_replace(struct arena *arena, const struct roots *roots, const char *name);
