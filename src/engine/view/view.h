// SPDX-License-Identifier: Apache-2.0
// view.h - a container from inside and from outside, side by side
//
// All of it is read from /proc and the cgroups' files, so the container may be of any engine, and
// an ordinary user sees as much as the kernel lets him. Texts are as they were read: whoever prints
// them escapes them.
#pragma once

#include "base/buf.h"
#include "box/record/record.h"
#include "engine/roots.h"
#include "kern/process/task.h"

enum { VIEW_PROCESSES_MAX = 1000, VIEW_ROWS_MAX = 1000 };

struct view_row {
	const char *name;
	const char *inside;  // NULL: there is nothing to say
	const char *outside; // likewise
};

struct view_rows {
	struct view_row *item;
	size_t n;
};

struct view_process {
	const char *command; // its arguments with blanks between, or "[name]"
	char state;          // 'S', 'Z', …
	uint32_t pid_inside; // 0: it has no number there
	uint32_t pid_outside;
	bool mapped; // its user has a number inside
	uint32_t uid_inside;
	uint32_t uid_outside;
	uint64_t memory; // bytes; UINT64_MAX: not known
};

enum view_section {
	VIEW_USERS,      // ids inside and what they stand for
	VIEW_NAMESPACES, // its own or shared
	VIEW_MOUNTS,     // what is shown and where that is
	VIEW_RIGHTS,     // capabilities, filters
	VIEW_LIMITS,     // of its cgroups, with what is used; of each process
	VIEW_NETWORK,    // interfaces, listening ports
	VIEW_SECTIONS,
};

struct view {
	const struct box_record *record; // NULL: a process that tare knows nothing of
	uint32_t pid;                    // the process that was looked at
	const char *command;
	struct view_process *processes;
	size_t processes_n;
	size_t processes_more; // those that did not fit
	struct view_rows rows[VIEW_SECTIONS];
	struct oci_strings unseen; // what the caller may not see, in words
};

// Looks at the container that is called so, or at the process of that number: "1234", or "pid:1234"
// where a container might be called so. Errors: not there, does not run, may not be seen at all.
int view_gather(struct arena *arena, const struct roots *roots, const char *what,
		struct view *ret_view);

const char *view_section_name(enum view_section section); // "namespaces"

struct view_look {
	unsigned width; // columns of the terminal; 0: lines are not broken
	bool colour;
};

// For people: three columns, name, inside, outside.
void view_text(struct buf *out, const struct view *view, const struct view_look *look);
void view_json(struct buf *out, const struct view *view);
