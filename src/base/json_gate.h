// SPDX-License-Identifier: Apache-2.0
// json_gate.h - says whether a text is JSON, strictly, and where it is not
#pragma once

#include "base/json.h"

// Returns 0 or -EINVAL, worded as "name:line:column: reason".
int json_gate(const char *name, struct str text);

// Where the value with this number begins; the document's own is number 0, the others follow in
// the order of the text. The gate must have let the text pass.
struct json_place json_gate_locate(struct str text, size_t number);
