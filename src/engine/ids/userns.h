// SPDX-License-Identifier: Apache-2.0
// userns.h - the words of --userns that are about id maps
#pragma once

#include "engine/run_opts.h"

enum userns_mode {
	USERNS_USUAL,   // nothing was said: none for root, an ordinary user's own
	USERNS_HOST,    // the same, said
	USERNS_PRIVATE, // one of its own, with the maps of other options
	USERNS_AUTO,    // one whose ids no other container that runs has
	USERNS_KEEP_ID, // the caller has chosen numbers inside, usually his own
	USERNS_NOMAP,   // the caller has no number inside
};

struct userns {
	enum userns_mode mode;
	int64_t uid;   // keep-id: the caller's number inside; -1: the same as outside
	int64_t gid;   // and his group's
	uint32_t size; // keep-id, auto: how many ids there are; 0: not said
	struct oci_strings uidmapping; // auto: parts of the map that are given, as --uidmap's
	struct oci_strings gidmapping;
};

// Reads --userns, but for what joins (namespace_choice.h), and sees that --uidmap, --gidmap,
// --subuidname and --subgidname go with it. `root`: the caller is root. Errors are worded.
int userns_parse(struct arena *arena, const struct run_opts *opts, bool root,
		 struct userns *ret_userns);
