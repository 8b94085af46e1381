// SPDX-License-Identifier: Apache-2.0
// template.h - a Go template over a JSON document, in the part that scripts use of it
//
//	{{.Config.Env}}            a member, as Go prints it: [A=1 B=2], map[a:1]
//	{{json .Config}}           as JSON; {{json .}} is all of it
//	{{index .RepoTags 0}}      an item of a list
//	{{index .Config.Labels "a.b"}}  a member whose name has a dot in it
#pragma once

#include "base/buf.h"
#include "base/json.h"

// Prints the template for the document. What is not there is "<no value>", as in Go. Returns 0 or
// -EINVAL, worded.
int template_print(struct arena *arena, const char *text, const struct json_object *document,
		   struct buf *out);
