// SPDX-License-Identifier: Apache-2.0
// hooks.h - programs that a runtime starts on the way of a container's life
//
// config.md, "POSIX-platform Hooks". Each gets the container's state (oci/state.h) on its standard
// input. Which of them run where stands in runtime.md, "Lifecycle".
#pragma once

#include "oci/lists.h"

enum oci_hook_kind {               // in the order of a container's life
	OCI_HOOK_PRESTART,         // in the host's world, once the namespaces are there; deprecated
	OCI_HOOK_CREATE_RUNTIME,   // likewise, after those
	OCI_HOOK_CREATE_CONTAINER, // in the container's namespaces, before the pivot
	OCI_HOOK_START_CONTAINER,  // in the container, right before its program
	OCI_HOOK_POSTSTART,        // in the host's world, once that runs
	OCI_HOOK_POSTSTOP,         // likewise, once the container is deleted
	OCI_HOOK_COUNT,
};

struct oci_hook {
	const char *path;        // absolute
	struct oci_strings args; // argv, its first being the name; none: the path alone
	struct oci_strings env;  // "NAME=value"; nothing else is in its environment
	int64_t timeout;         // seconds; 0: none
};

struct oci_hook_list {
	struct oci_hook *item;
	size_t n;
};

struct oci_hooks {
	struct oci_hook_list kind[OCI_HOOK_COUNT];
};

// "prestart", …: the keys of the document.
extern const char *const oci_hook_names[OCI_HOOK_COUNT];

extern const struct shape oci_hooks_shape;
