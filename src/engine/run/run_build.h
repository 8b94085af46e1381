// SPDX-License-Identifier: Apache-2.0
// run_build.h - a specification that is being built
//
// engine_run_spec (run_spec.c) sets the order of the sections; those of one subject have a file
// run_spec_SUBJECT.c. A section reads options and what earlier sections made, and fills a part of
// the specification.
#pragma once

#include "engine/namespaces/choice.h"
#include "engine/run/run_spec.h"
#include "engine/ids/user.h"

struct build {
	struct arena *arena;
	const struct run_opts *opts;
	const struct facts *facts;
	const struct engine_place *place;
	const struct engine_image *image;    // NULL with --rootfs
	const struct oci_run_config *config; // its config; all empty with --rootfs
	struct choices choices;
	struct engine_user user;
	struct box_spec *spec;
};

// Whether the caller is an ordinary user.
bool build_is_ordinary(const struct build *build);

// Where this container lies, below the place's root or its runroot.
const char *build_directory(const struct build *build, const char *root);

// Adds a line that the user is told before the start.
void build_notice(struct build *build, const char *text);

// run_spec_namespaces.c.
int build_joins(struct build *build);         // which choices mean the host's; comes first
int build_namespaces(struct build *build);    // namespaces and id maps
int build_hostname(struct build *build);      // spec->oci.hostname
void build_joined_files(struct build *build); // names and servers of whose network it has

// Whether the container's user namespace has power over its namespace of that kind, and so may
// mount what shows it.
bool build_has_power(const struct build *build, enum namespace_kind kind);

// run_spec_mounts.c. After the namespaces, whose id maps they look at.
int build_mounts(struct build *build);  // what is mounted, and the files laid over /etc
int build_devices(struct build *build); // device nodes, device rules, masked paths

// run_spec_process.c.
int build_program(struct build *build); // arguments, environment, working directory
int build_user(struct build *build);    // who it runs as; after the id maps, which must have him
int build_traits(struct build *build);  // umask, sysctls and what else it is given

// run_spec_limits.c. After the devices.
int build_limits(struct build *build); // resources, and where the cgroups lie
