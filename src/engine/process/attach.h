// SPDX-License-Identifier: Apache-2.0
// attach.h - --attach: which of the three streams are ours
#pragma once

#include "oci/lists.h"

struct attach {
	bool input;
	bool output;
	bool error;
};

// Reads the values: stdin, stdout, stderr, in either case. Without any all three are attached.
int attach_parse(const struct oci_strings *texts, struct attach *ret_attach);
