// SPDX-License-Identifier: Apache-2.0
// user.h - who the workload runs as: "USER[:GROUP]"
#pragma once

#include "base/arena.h"
#include "base/str.h"

struct engine_user {
	bool root;       // it is number 0, or the name root
	bool has_number; // the user is a number
	uint32_t uid;    // which
	bool has_group;  // a group was given, as a number
	uint32_t gid;    // which
};

// Reads "USER[:GROUP]", each a number or a name; `what` is what errors call it. Only digits are a
// number, and a number is never taken for a name: "01", "-1" and numbers above 4294967294 are
// errors, never user 0. Names are looked up later, in the container's root.
int user_parse(const char *what, const char *text, struct engine_user *ret_user);

// Reads one value of --group-add. *ret_is_number says whether it is a number, which then is in
// *ret_gid.
int group_parse(const char *text, bool *ret_is_number, uint32_t *ret_gid);
