// SPDX-License-Identifier: Apache-2.0
// builder.h - a plan that is being built
//
// build.c sets the order of a start; the other files of this folder each add the steps of one
// subject. All of them are pure.
#pragma once

#include "box/plan.h"
#include "kern/cgroup/devices.h"

enum { STEPS_MAX = 4096 }; // of one plan

struct builder {
	struct arena *arena;
	const struct box_spec *spec;
	const struct facts *facts;
	struct plan *plan;
	struct step *steps; // room for STEPS_MAX
	size_t steps_n;
	size_t room;
};

// Adds a step and returns it for its operands.
struct step *plan_add(struct builder *builder, enum actor actor, enum op op);

// Adds one with the usual three texts.
struct step *plan_add_texts(struct builder *builder, enum actor actor, enum op op, const char *a,
			    const char *b, const char *c);

// Refuses what the document asks for and no step does.
int plan_refuse(const struct builder *builder);
int plan_refuse_process(const struct oci_process *process);

// Whether the container has a namespace of this kind ("network") that is its own, a new one.
bool spec_has_namespace(const struct box_spec *spec, const char *type);

// The spec's device rules, as kern reads them.
int plan_device_rules(struct builder *builder, struct device_rule **ret_rules);

int plan_add_process(struct builder *builder);           // HOST, MID: the process itself
void plan_add_cgroup_namespace(struct builder *builder); // INIT: made, or entered

// Which groups the container gets and what has to be done before they can be made: sets
// plan->cgroup_name (NULL: it stays in the caller's) and plan->controllers. ret_handed_down: they
// have their controllers already, else those that limits want are handed down from the top.
int plan_add_group(struct builder *builder, const struct cgroup_limits *limits,
		   bool *ret_handed_down);

int plan_add_cgroups(struct builder *builder); // HOST: make it, set its limits
int plan_add_limits(struct builder *builder, const struct cgroup_limits *limits); // HOST: alone

// The same where systemd makes the group, with the child in it: sets plan->cgroup_name and
// plan->controllers; then HOST's steps, to be taken after the clone.
int plan_set_unit(struct builder *builder, const struct cgroup_limits *limits);
int plan_add_unit(struct builder *builder);

void plan_add_cgroup_join(struct builder *builder); // INIT: enter it
int plan_add_cgroup_mounts(struct builder *builder, const struct oci_mount *mount);

const char *plan_mount_point(const struct builder *builder); // where roots are mounted

void plan_add_oom_score(struct builder *builder);   // INIT: first of all
void plan_add_labels(struct builder *builder);      // INIT: likewise
int plan_add_own_settings(struct builder *builder); // INIT: sysctls, on the host's file system
int plan_add_traits(struct builder *builder);       // INIT: limits, personality
int plan_add_schedule(struct builder *builder);     // INIT: processors, disks, near memory
void plan_add_lines(struct builder *builder, enum actor actor); // for files of the root's
void plan_add_volumes(struct builder *builder);    // HOST: volumes of the container's own
int plan_add_map_sources(struct builder *builder); // HOST: sources seen with other ids
uint64_t plan_root_slave_number(const struct builder *builder); // its kept copy, from 1; 0: none
void plan_add_keep_sources(struct builder *builder); // INIT: sources that mount events reach

// outside.c: a container whose root can't reach what is mounted in it.
int plan_set_outside(struct builder *builder);     // whether it is one: sets plan->outside
int plan_add_outside(struct builder *builder);     // MID: root and sources of binds
void plan_add_inner_maps(struct builder *builder); // MID: the child's maps within its own

int plan_add_root(struct builder *builder);   // INIT, or MID: the root itself
int plan_add_mounts(struct builder *builder); // INIT: what is mounted in it, devices, masks
int plan_add_rights(struct builder *builder); // INIT: from the pivot to exec

void plan_prepare_hooks(struct builder *builder);
void plan_add_hooks(struct builder *builder, enum actor actor, enum oci_hook_kind kind);
// Parts of a start that exec has as well.
void plan_set_maps(struct builder *builder);    // plan->maps
void plan_set_program(struct builder *builder); // plan->argv and the environment
bool plan_maps_root(const struct plan *plan);   // somebody is 0 in its user namespace
int plan_add_program(struct builder *builder);  // INIT: from limits of the process to exec
