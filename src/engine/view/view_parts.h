// SPDX-License-Identifier: Apache-2.0
// view_parts.h - the sections of a view, each by its own file
#pragma once

#include "engine/view/view.h"
#include "kern/facts.h"

struct viewer {
	struct arena *arena;
	const struct roots *roots;
	struct facts facts;
	struct task task;          // the process looked at
	struct task_status status; // of it
	struct task own;           // ourselves
	struct id_map *uid_map;
	size_t uid_map_n;
	struct view *view;
};

void view_add(struct viewer *viewer, enum view_section section, const char *name,
	      const char *inside, const char *outside);

// Says once that something could not be seen.
void view_unseen(struct viewer *viewer, const char *what, int error);

// Whether it shares a namespace with us; false as well where that can't be told.
bool view_shares(struct viewer *viewer, const char *file);

// Whether a file of it, such as "cgroup", says the same of us.
bool view_is_same(struct viewer *viewer, const char *file);

// "1.5 MiB"
const char *view_size(struct arena *arena, uint64_t bytes);

int view_processes(struct viewer *viewer);
void view_users(struct viewer *viewer);
void view_namespaces(struct viewer *viewer);
void view_mounts(struct viewer *viewer);
void view_rights(struct viewer *viewer);
void view_limits(struct viewer *viewer);
void view_network(struct viewer *viewer);
