// SPDX-License-Identifier: Apache-2.0
// op.h - what each kind of step means: run, undone, said, scripted
//
// One row for each op of plan.h, its readings side by side. A new kernel facility is a new row.
#pragma once

#include "box/plan.h"

struct walk;

// A step in words. Every text is one paragraph without newlines.
struct say {
	struct buf *title; // what: "mount proc on /proc"
	struct buf *call;  // the system calls with their arguments
};

// What a person learns from a step; of the op, or of this one step where that says more.
struct lore {
	const char *why;     // why it is done
	const char *without; // what breaks without it
	const char *look; // how to see it from the host; PID stands for the container's process 1
};

struct op_row {
	const char *name;     // "mount": in plans, traces and as a word of `tare step`
	const char *operands; // those it uses, of step's a b c n m k, in the order they are printed
	struct lore lore;

	// Takes the step. Returns 0 or a negative errno. HOST's steps may word the error by fail();
	// INIT's use system calls only (sys.h), and the parent words it.
	int (*run)(struct walk *walk, const struct step *step);
	// Takes back what outlives us; NULL: nothing does.
	int (*undo)(struct walk *walk, const struct step *step);
	// Says what it is and which system calls it makes.
	void (*say)(struct say *say, const struct plan *plan, const struct step *step);
	// Writes the shell command that does the same; NULL: it is a word of `tare step`.
	void (*script)(struct buf *out, const struct plan *plan, const struct step *step);
	// The lore of this one step; NULL or a NULL answer: the row's.
	const struct lore *(*lore_of)(const struct plan *plan, const struct step *step);
};

const struct op_row *op_row(unsigned op);

// What there is to learn from this step.
const struct lore *op_lore(const struct plan *plan, const struct step *step);

// The rows, by kind of thing they touch.
extern const struct op_row op_state, op_file, op_volume, op_source, op_reaper;
extern const struct op_row op_scope, op_unit, op_cgroup_own, op_cgroup_parent;
extern const struct op_row op_cgroup, op_cgroup_set, op_cgroup_inherit, op_cgroup_join,
	op_cgroup_view, op_device_filter;
extern const struct op_row op_hold, op_namespace_open, op_mid, op_undumpable, op_join, op_clocks;
extern const struct op_row op_hook;
extern const struct op_row op_enter, op_cgroup_open, op_affinity, op_terminal_inside;
extern const struct op_row op_door, op_console, op_record, op_find, op_await_start;
extern const struct op_row op_clone, op_id_map, op_die_with_parent, op_clean_slate, op_become_root;
extern const struct op_row op_private, op_root_bind, op_root_overlay, op_root_place, op_pivot,
	op_detach, op_root_readonly;
extern const struct op_row op_map_source, op_keep_source, op_bind, op_bind_overlay,
	op_overlay_source;
extern const struct op_row op_id_space, op_apart, op_id_map_within;
extern const struct op_row op_mount, op_mask, op_readonly, op_make_directory;
extern const struct op_row op_node, op_node_bind, op_link, op_terminal;
extern const struct op_row op_loopback, op_hostname, op_domainname, op_sysctl;
extern const struct op_row op_oom_score, op_rlimit, op_personality, op_keyring, op_stdin_null,
	op_output_null, op_descriptors, op_umask;
extern const struct op_row op_root_propagation, op_label, op_net_device;
extern const struct op_row op_memory_policy, op_io_priority, op_scheduler;
extern const struct op_row op_line, op_user, op_group, op_streams, op_ids;
extern const struct op_row op_bounding, op_no_new_privs, op_seccomp, op_seccomp_profile,
	op_seccomp_at_exec, op_seccomp_agent, op_seccomp_watch, op_capabilities, op_keep_rights,
	op_capability_sets, op_workdir, op_exec;
