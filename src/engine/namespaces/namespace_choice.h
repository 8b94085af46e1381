// SPDX-License-Identifier: Apache-2.0
// namespace_choice.h - the words after --pid, --ipc, --uts, --cgroupns, --network, --userns
#pragma once

#include "engine/run_opts.h"
#include "kern/namespaces/namespace.h"

// Where a container's namespace of one kind comes from.
enum namespace_mode {
	NAMESPACE_DEFAULT,   // nothing was said
	NAMESPACE_PRIVATE,   // a new one
	NAMESPACE_SHAREABLE, // a new one that others may join; for --ipc
	NAMESPACE_NONE,      // a new one without its usual contents; for --ipc and --network
	NAMESPACE_HOST,      // the one tare itself is in
	NAMESPACE_PATH,      // that of a file: "ns:/run/netns/blue"
	NAMESPACE_CONTAINER, // that of a container that runs: "container:web"
};

struct namespace_choice {
	enum namespace_mode mode;
	const char *target; // the path, or the container's name or id
};

// Reads the value of a flag; `modes` has a bit (1 << mode) for each that it knows. An empty value
// is the default, as in Docker. Errors are worded and list what is expected.
int namespace_choice_parse(const char *flag, const char *text, unsigned modes,
			   struct namespace_choice *ret_choice);

// Reads all those flags; of --userns only ns:PATH and container:NAME, as its other words are about
// id maps. By kind of namespace.
int namespace_choices_parse(const struct run_opts *opts,
			    struct namespace_choice ret_choices[static NAMESPACE_COUNT]);

// The flag of a kind: "--network".
const char *namespace_flag(enum namespace_kind kind);
