// SPDX-License-Identifier: Apache-2.0
// document.h - from a bundle to what box makes a container of
#pragma once

#include "box/spec.h"
#include "kern/facts.h"
#include "runtime/container.h"

// A bundle that was read.
struct bundle {
	const char *path; // absolute, without links
	struct str text;  // config.json as it is
	struct oci_spec spec;
};

// Reads the bundle in `directory`, by the document `config`, which is its config.json where that is
// NULL. Returns 0 or an error that names what is wrong with it.
int bundle_read(struct arena *arena, const char *directory, const char *config,
		struct bundle *ret_bundle);

// What the caller wants besides.
struct document_want {
	const char *console; // --console-socket; NULL: none
	int preserve_fds;    // --preserve-fds
	bool no_new_keyring; // --no-new-keyring

	// Of a service manager, see activation.h.
	int listen_fds;            // how many descriptors, from 3 on and before those above
	const char *listen_names;  // of these, with colons between; NULL: they have none
	const char *notify_socket; // NULL: there is none
};

// The facts that these limits need.
unsigned document_limits_facts(const struct oci_resources *limits);

// The facts that a plan of this document may ask for.
unsigned document_facts(const struct runtime_opts *opts, const struct oci_spec *spec);

// Makes the specification: what every container gets, what this caller can't grant left out. The
// warnings are notices of it.
int document_box(struct runtime_call *call, const struct bundle *bundle, const struct facts *facts,
		 const struct container *container, const struct document_want *want,
		 struct box_spec *ret_spec);

// Leaves out of the process's capabilities those that are unknown or can't be granted; the notices
// say which.
void document_limit_capabilities(struct arena *arena, const struct facts *facts,
				 struct box_spec *spec);
