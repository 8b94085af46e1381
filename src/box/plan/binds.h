// SPDX-License-Identifier: Apache-2.0
// binds.h - what of the host is shown inside
#pragma once

#include "box/plan/builder.h"
#include "box/plan/mount_words.h"

// Refuses words that can't be honoured on this mount.
int plan_check_words(const struct oci_mount *mount, const struct mount_words *words);

// Whether it shows something that is there already.
bool plan_is_bind(const struct oci_mount *mount);

// MID's steps that take the sources of binds: those that mount events are to reach, or the others.
void plan_add_outside_sources(struct builder *builder, bool events);
int plan_check_outside_sources(const struct builder *builder);

// A file of the container's own directory that is laid over one of the root's.
struct own_file {
	const char *source;
	const char *destination;
	int16_t spare; // of the step that binds it: ENOENT where it may not be there
};

size_t plan_own_files(const struct builder *builder, struct own_file **ret_files);

// The number that one of the container's own files has among the sources that are taken early.
int32_t plan_file_number(const struct builder *builder, size_t file);

// Whether its overlays are mounted in a user namespace.
bool plan_overlay_is_users(const struct plan *plan);

// Adds the step of one whose changes go to a directory of the container's own.
void plan_add_bind_overlay(struct builder *builder, const struct oci_mount *mount,
			   const struct mount_words *words);

// Adds the step of a plain one.
void plan_add_bind(struct builder *builder, const struct oci_mount *mount,
		   const struct mount_words *words);
